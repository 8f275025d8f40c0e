package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Caller;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What a live connection keeps of the heap: as much each, however many there are. With the
 * collector that the launcher chooses 100,000 take less than 256 MiB. What is kept is what the
 * default chain keeps of requests as they arrive, without data plane.
 */
class ConnectionMemoryTest {

  private static final int FEW = 500;
  private static final int MANY = 4_000;

  /** Some 2,580, and up to 60 more by the collector and by what ran before in the same JVM. */
  private static final int MOST_BYTES = 2_720;

  @Test
  void aConnection_keepsAsMuch_howeverManyThereAre() throws Exception {
    assertThat(bytesEach(FEW)).as("loads classes").isPositive();
    long withFew = bytesEach(FEW);
    long withMany = bytesEach(MANY);
    System.out.printf("bytes of a connection: %d of %d, %d of %d%n", withFew, FEW, withMany, MANY);
    assertThat(withMany).isLessThan(MOST_BYTES);
    assertThat(withMany).isLessThan(withFew * 5 / 4);
  }

  /** Prints what so many take, 100,000 unless said. */
  public static void main(String[] arguments) throws Exception {
    int live = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
    System.out.printf("%d connections, %d bytes each%n", live, bytesEach(live));
  }

  private static long bytesEach(int live) throws EndpointException {
    ChainBenchmark chain = new ChainBenchmark();
    ArrivingRequests requests = new ArrivingRequests(chain.timer.instant());
    EndpointRunner runner = chain.runner(EndpointChain.of("server", chain.elements()));
    long before = ChainBenchmark.used();
    for (int i = 0; i < live; i++) {
      Deadline deadline = Deadline.after(Duration.ofSeconds(15), chain.timer);
      var unused = runner.request(requests.next(), Caller.SELF, deadline);
    }
    long after = ChainBenchmark.used();
    System.out.printf("%d MiB of heap with %d connections%n", after >> 20, live);
    long kept = after - before;
    assertThat(runner.size()).isEqualTo(live);
    chain.stop();
    return kept / live;
  }
}
