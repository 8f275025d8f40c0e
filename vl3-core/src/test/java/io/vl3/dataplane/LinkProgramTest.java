package io.vl3.dataplane;

import static io.vl3.dataplane.Links.link;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.endpoint.LeakCheck;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import io.vl3.time.SystemTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LinkProgramTest {

  private static final LinkKey A = new LinkKey("a");

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final SystemTimer clock = new SystemTimer(scheduler);
  private final FakeDataPlane plane = new FakeDataPlane();
  private final LinkProgram program = new LinkProgram(plane);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    scheduler.shutdownNow();
  }

  @Test
  void put_again_sendsNothingAndSaysTheMtu() throws EndpointException {
    assertThat(program.put(link("a", "10.0.0.1/32"), soon()).changed()).isTrue();
    LinkOutcome.Applied again = program.put(link("a", "10.0.0.1/32"), soon());
    assertThat(again).isEqualTo(new LinkOutcome.Applied(false, 1400));
    assertThat(plane.changes()).isEqualTo(1);
  }

  @Test
  void put_again_dataPlaneMendsOnPut_isLookedAfter() throws EndpointException {
    plane.mendOnPut();
    program.put(link("a", "10.0.0.1/32"), soon());
    plane.lose();
    LinkOutcome.Applied again = program.put(link("a", "10.0.0.1/32"), soon());
    assertThat(again.changed()).isTrue();
    assertThat(plane.state()).contains("10.0.0.1/32");
  }

  @Test
  void mend_dataPlaneMendsOnPut_namesWhatWasAmiss() throws EndpointException {
    plane.mendOnPut();
    for (int i = 0; i < 120; i++) {
      program.put(link("l" + i, "10.0.1." + i + "/32"), soon());
    }
    String before = plane.state();
    assertThat(program.mend(soon())).isEmpty();
    plane.lose();
    assertThat(plane.state()).isNotEqualTo(before);
    assertThat(program.mend(soon())).hasSize(120).contains(link("l7", "10.0.1.7/32").title());
    assertThat(plane.state()).isEqualTo(before);
    assertThat(program.mend(soon())).isEmpty();
  }

  @Test
  void mend_aLinkThatCannotBe_isLeftToWhoAsksForIt_andOthersAreMended() throws EndpointException {
    plane.mendOnPut();
    program.put(link("a", "10.0.0.1/32"), soon());
    program.put(link("b", "10.0.0.2/32"), soon());
    plane.lose();
    plane.fail(A, Reason.UNAVAILABLE, "link a: no such namespace");
    assertThat(program.mend(soon())).containsExactly(link("b", "10.0.0.2/32").title());
    assertThat(program.links()).hasSize(2);
  }

  @Test
  void mend_dataPlaneDoesNotMendOnPut_sendsNothing() throws EndpointException {
    program.put(link("a", "10.0.0.1/32"), soon());
    plane.lose();
    assertThat(program.mend(soon())).isEmpty();
    assertThat(plane.changes()).isEqualTo(1);
  }

  @Test
  void put_changed_sendsOnlyThatLink() throws EndpointException {
    program.put(link("a", "10.0.0.1/32"), soon());
    program.put(link("b", "10.0.0.2/32"), soon());
    program.put(link("a", "10.0.0.9/32"), soon());
    assertThat(plane.batches().get(2))
        .containsExactly(new LinkChange.Put(link("a", "10.0.0.9/32")));
    assertThat(plane.state()).contains("10.0.0.9/32").doesNotContain("10.0.0.1/32");
  }

  @Test
  void put_failing_keepsWhatWasAndOthersGoOn() throws EndpointException {
    program.put(link("a", "10.0.0.1/32"), soon());
    plane.fail(A, Reason.UNAVAILABLE, "link a: no such namespace");
    EndpointException failure =
        catchThrowableOfType(
            EndpointException.class, () -> program.put(link("a", "10.0.0.9/32"), soon()));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessage("link a: no such namespace");
    program.put(link("b", "10.0.0.2/32"), soon());
    assertThat(program.links()).contains(link("a", "10.0.0.1/32")).hasSize(2);
  }

  @Test
  void put_interfaceNameThatTheNamespaceHas_isConflict() throws EndpointException {
    program.put(link("a", "10.0.0.1/32"), soon());
    Link twin = link("a", "10.0.0.1/32");
    Link thief = new Link(new LinkKey("b"), "b", twin.client(), twin.endpoint(), 0);
    assertThatThrownBy(() -> program.put(thief, soon())).hasMessageContaining("owned by a");
    assertThat(program.size()).isEqualTo(1);
  }

  @Test
  void remove_ofAnUnknownLink_asksTheDataPlaneAsItMayBeOfAnEarlierLife() throws EndpointException {
    plane.leftOver(A);
    program.remove(A, soon());
    assertThat(plane.size()).isZero();
    assertThat(program.size()).isZero();
  }

  @Test
  void remove_failing_isNoLongerWantedAndGoesWithTheLeftovers() throws EndpointException {
    program.put(link("a", "10.0.0.1/32"), soon());
    plane.fail(A, Reason.UNAVAILABLE, "busy");
    assertThatThrownBy(() -> program.remove(A, soon())).hasMessage("busy");
    assertThat(program.size()).isZero();
    assertThat(program.unremoved()).isEqualTo(1);
    plane.heal(A);
    assertThat(program.leftovers(soon())).containsExactly(A);
    program.removeUnwanted(Set.of(A), soon());
    assertThat(program.unremoved()).isZero();
    assertThat(plane.size()).isZero();
  }

  @Test
  void dataPlaneThatThrows_failsTheBatchAndTheNextOneWorks() throws EndpointException {
    leaks.expectErrors();
    plane.beforeApply(
        () -> {
          throw new IllegalStateException("agent gone");
        });
    assertThatThrownBy(() -> program.put(link("a", "10.0.0.1/32"), soon()))
        .hasMessageContaining("agent gone");
    plane.beforeApply(() -> {});
    program.put(link("a", "10.0.0.1/32"), soon());
    assertThat(plane.size()).isEqualTo(1);
  }

  @Test
  void concurrentChanges_shareABatch() throws Exception {
    Gate gate = new Gate();
    plane.beforeApply(gate::pass);
    Future<?> first = threads.submit(() -> program.put(link("x", "10.0.1.1/32"), soon()));
    gate.awaitArrival();
    List<Future<?>> rest = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Link link = link("k" + i, "10.0.0." + i + "/32");
      rest.add(threads.submit(() -> program.put(link, soon())));
    }
    awaitQueued(20);
    gate.open();
    first.get(60, TimeUnit.SECONDS);
    for (Future<?> one : rest) {
      one.get(60, TimeUnit.SECONDS);
    }
    assertThat(plane.batches()).hasSize(2);
    assertThat(plane.size()).isEqualTo(21);
  }

  @Test
  void deadline_whileAnotherBatchRuns_givesUpAndNeverSends() throws Exception {
    Gate gate = new Gate();
    plane.beforeApply(gate::pass);
    Future<?> first = threads.submit(() -> program.put(link("x", "10.0.1.1/32"), soon()));
    gate.awaitArrival();
    EndpointException late =
        catchThrowableOfType(
            EndpointException.class,
            () ->
                program.put(link("a", "10.0.0.1/32"), Deadline.after(Duration.ofMillis(1), clock)));
    assertThat(late.reason()).isEqualTo(Reason.DEADLINE);
    gate.open();
    first.get(60, TimeUnit.SECONDS);
    assertThat(plane.size()).isEqualTo(1);
    assertThat(program.size()).isEqualTo(1);
  }

  @Test
  void deadline_ofARemovalWhileItsLinkIsMade_isSentAllTheSame() throws Exception {
    Gate gate = new Gate();
    plane.beforeApply(gate::pass);
    Future<?> put = threads.submit(() -> program.put(link("a", "10.0.0.1/32"), soon()));
    gate.awaitArrival();
    EndpointException late =
        catchThrowableOfType(
            EndpointException.class,
            () -> program.remove(A, Deadline.after(Duration.ofMillis(1), clock)));
    assertThat(late.reason()).isEqualTo(Reason.DEADLINE);
    gate.open();
    put.get(60, TimeUnit.SECONDS);
    assertThat(plane.size()).isZero();
    assertThat(program.size()).isZero();
    assertThat(program.waiting()).isZero();
  }

  @Test
  void churn_returnsToNothing() throws EndpointException {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) {
        program.put(link("k" + i, "10.0.0." + i + "/32"), soon());
      }
      for (int i = 0; i < 100; i++) {
        program.remove(new LinkKey("k" + i), soon());
      }
    }
    assertThat(program.size()).isZero();
    assertThat(plane.size()).isZero();
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(60), clock);
  }

  private void awaitQueued(int count) {
    while (program.waiting() < count) {
      Thread.onSpinWait();
    }
  }

  /** Holds the first who comes until it is opened. */
  private static final class Gate {
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    void pass() {
      arrived.countDown();
      await(open);
    }

    void awaitArrival() {
      await(arrived);
    }

    void open() {
      open.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
