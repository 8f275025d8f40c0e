package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.FakeDataPlane;
import io.vl3.dataplane.LinkKey;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Links that an earlier manager left behind. */
class ManagerLeftoversTest {

  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final LinkKey OLD = new LinkKey("old");

  /** Only its transport is used. */
  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final FakeTimer timer = new FakeTimer();
  private final FakeDataPlane plane = new FakeDataPlane();

  @Test
  void nobodyAskedFor_goWhenTheGraceIsOver() throws EndpointException {
    plane.leftOver(OLD);
    try (EmbeddedManager manager = start()) {
      timer.advance(GRACE.minusNanos(1));
      assertThat(plane.observe()).containsExactly(OLD);
      timer.advance(Duration.ofNanos(1));
      assertThat(plane.observe()).isEmpty();
      assertThat(manager.isIdle()).isTrue();
    }
  }

  @Test
  void thatCouldNotBeRemoved_goLater() throws EndpointException {
    plane.leftOver(OLD);
    plane.fail(OLD, Reason.UNAVAILABLE, "busy");
    try (EmbeddedManager manager = start()) {
      timer.advance(GRACE);
      assertThat(plane.observe()).containsExactly(OLD);
      plane.heal(OLD);
      timer.advance(GRACE);
      assertThat(plane.observe()).isEmpty();
      assertThat(manager.isIdle()).isTrue();
    }
  }

  @Test
  void ofAManagerThatEndedMeanwhile_areTheNextOnes() throws EndpointException {
    plane.leftOver(OLD);
    start().close();
    assertThat(timer.pending()).isZero();
    timer.advance(GRACE);
    assertThat(plane.observe()).containsExactly(OLD);
  }

  private EmbeddedManager start() throws EndpointException {
    NsmRuntime runtime =
        NsmRuntime.of(
            timer, Runnable::run, nsm.runtime().transport(), RandomGenerator.getDefault());
    return EmbeddedManager.builder(runtime, plane)
        .leftoverGrace(GRACE)
        .listenOn(nsm.urlFor("manager"))
        .start();
  }
}
