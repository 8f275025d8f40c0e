package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import org.junit.jupiter.api.Test;

/**
 * What a live connection keeps of the heap: as much each, however many there are. With tokens of
 * 600 bytes in each of five path segments it was 5.1 kB.
 */
class ConnectionMemoryTest {

  private static final int FEW = 500;
  private static final int MANY = 4_000;
  private static final int MOST_BYTES = 6_500;

  @Test
  void aConnection_keepsAsMuch_howeverManyThereAre() throws Exception {
    assertThat(bytesEach(FEW)).as("loads classes").isPositive();
    long withFew = bytesEach(FEW);
    assertThat(withFew).isLessThan(MOST_BYTES);
    assertThat(bytesEach(MANY)).isLessThan(withFew * 5 / 4);
  }

  private static long bytesEach(int live) throws EndpointException {
    ChainBenchmark chain = new ChainBenchmark();
    EndpointRunner runner = chain.runner(EndpointChain.of("server", chain.elements()));
    long before = ChainBenchmark.used();
    for (int i = 0; i < live; i++) {
      var unused = chain.request(runner, "c" + i);
    }
    long kept = ChainBenchmark.used() - before;
    assertThat(runner.size()).isEqualTo(live);
    chain.stop();
    return kept / live;
  }
}
