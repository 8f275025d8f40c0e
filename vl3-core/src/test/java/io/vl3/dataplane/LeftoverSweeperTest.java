package io.vl3.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** When leftovers go: not before their grace is over, not much later, by one timer. */
class LeftoverSweeperTest {

  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final LinkKey OLD = new LinkKey("old");
  private static final LinkKey YOUNG = new LinkKey("young");

  private final FakeTimer timer = new FakeTimer();
  private final FakeDataPlane plane = new FakeDataPlane();
  private final LinkProgram program = new LinkProgram(plane);

  @Test
  void planeThatComesAndGoes_neitherPilesUpTimers_norHastensNorDelaysARemoval() {
    plane.leftOver(OLD);
    LeftoverSweeper sweeper = sweeper(false);
    for (int minute = 0; minute < 10; minute++) {
      sweeper.look();
      assertThat(timer.pending()).isEqualTo(1);
      assertThat(plane.observe()).as("after %d minutes", minute).containsExactly(OLD);
      timer.advance(MINUTE);
    }
    assertThat(plane.observe()).isEmpty();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void leftoverThatIsSeenLater_hasAGraceOfItsOwn() {
    plane.leftOver(OLD);
    LeftoverSweeper sweeper = sweeper(false);
    sweeper.look();
    timer.advance(MINUTE);
    plane.leftOver(YOUNG);
    sweeper.look();
    timer.advance(GRACE.minus(MINUTE));
    assertThat(plane.observe()).containsExactly(YOUNG);
    timer.advance(MINUTE);
    assertThat(plane.observe()).isEmpty();
  }

  @Test
  void leftoverThatWasAskedFor_staysAndCountsNoMore() throws EndpointException {
    plane.leftOver(OLD);
    sweeper(false).look();
    program.put(Links.link("old", "10.0.0.1/32"), Deadline.after(MINUTE, timer));
    timer.advance(GRACE);
    assertThat(plane.observe()).containsExactly(OLD);
    assertThat(timer.pending()).isZero();
  }

  @Test
  void leftoverThatCannotBeRemoved_isTriedAgainAfterAnotherGrace() {
    plane.leftOver(OLD);
    plane.fail(OLD, Reason.UNAVAILABLE, "busy");
    sweeper(false).look();
    timer.advance(GRACE.multipliedBy(3));
    assertThat(plane.changes()).as("once after each grace").isEqualTo(3);
    plane.heal(OLD);
    timer.advance(GRACE);
    assertThat(plane.observe()).isEmpty();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void withoutGrace_whatCannotBeRemovedIsTriedAgainAfterAWhileOnly() {
    plane.leftOver(OLD);
    plane.fail(OLD, Reason.UNAVAILABLE, "busy");
    new LeftoverSweeper(program, timer, Runnable::run, Duration.ZERO, false, MINUTE).look();
    assertThat(plane.changes()).isEqualTo(1);
    assertThat(timer.untilNext()).isEqualTo(Duration.ofSeconds(10));
    plane.heal(OLD);
    timer.advance(Duration.ofSeconds(10));
    assertThat(plane.observe()).isEmpty();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void keptLeftovers_areReportedOnce() {
    plane.leftOver(OLD);
    LeftoverSweeper sweeper = sweeper(true);
    sweeper.look();
    timer.advance(GRACE);
    sweeper.look();
    timer.advance(GRACE);
    assertThat(plane.observe()).containsExactly(OLD);
    assertThat(timer.pending()).isZero();
  }

  @Test
  void toldWhileItLooks_itLooksOnceMore() {
    Queue<Runnable> work = new ArrayDeque<>();
    LeftoverSweeper sweeper = sweeper(false, work::add);
    sweeper.look();
    sweeper.look();
    sweeper.look();
    assertThat(work).hasSize(1);
    work.remove().run();
    assertThat(work).hasSize(1);
    work.remove().run();
    assertThat(work).isEmpty();
  }

  @Test
  void closed_itLooksNoMore() {
    plane.leftOver(OLD);
    LeftoverSweeper sweeper = sweeper(false);
    sweeper.look();
    sweeper.close();
    sweeper.look();
    assertThat(timer.pending()).isZero();
    timer.advance(GRACE);
    assertThat(plane.observe()).containsExactly(OLD);
  }

  private LeftoverSweeper sweeper(boolean keep) {
    return sweeper(keep, Runnable::run);
  }

  private LeftoverSweeper sweeper(boolean keep, Executor executor) {
    return new LeftoverSweeper(program, timer, executor, GRACE, keep, MINUTE);
  }
}
