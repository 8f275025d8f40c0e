package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.endpoint.ChainRig;
import io.vl3.failure.EndpointException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EndWhenIdleTest {

  private final ChainRig rig = new ChainRig();
  private final AtomicInteger ends = new AtomicInteger();
  private final EndWhenIdle idle =
      new EndWhenIdle(rig.timer, Duration.ofSeconds(60), ends::incrementAndGet);

  @Test
  void neverUsed_endsAfterTheTimeout() {
    idle.start();
    rig.advance(Duration.ofSeconds(59));
    assertThat(ends).hasValue(0);
    rig.advance(Duration.ofSeconds(1));
    assertThat(ends).hasValue(1);
  }

  @Test
  void inUse_doesNotEnd_andTheTimeBeginsWithTheLastClose() throws EndpointException {
    rig.run(idle);
    idle.start();
    Connection one = rig.request(rig.connection("one", Duration.ofHours(1)));
    Connection other = rig.request(rig.connection("other", Duration.ofHours(1)));
    rig.request(rig.connection("one", Duration.ofHours(1)));
    rig.advance(Duration.ofMinutes(10));
    rig.close(one);
    rig.advance(Duration.ofMinutes(10));
    assertThat(ends).hasValue(0);
    rig.close(other);
    rig.advance(Duration.ofSeconds(59));
    assertThat(ends).hasValue(0);
    rig.advance(Duration.ofSeconds(1));
    assertThat(ends).hasValue(1);
  }
}
