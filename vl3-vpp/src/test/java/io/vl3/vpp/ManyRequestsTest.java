package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.dataplane.LinkProgram;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.SystemTimer;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many requests at once, an agent that takes its time, and one that dies meanwhile. */
class ManyRequestsTest {

  private static final Duration LONG = Duration.ofSeconds(90);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(2);
  private final SystemTimer timer = new SystemTimer(scheduler);
  private final FakeAgent agent = new FakeAgent().takes(Duration.ofMillis(20), scheduler);
  private final FakeAgentServer server = FakeAgentServer.inProcess(agent);
  private final ManagedChannel channel = server.channel();
  private final VppDataPlane plane =
      VppDataPlane.open(
          channel,
          "agent:9113",
          VppSettings.of("nse-a")
              .withPace(
                  new VppSettings.Pace(
                      LONG, Duration.ofSeconds(30), VppSettings.Pace.DEFAULT.again())),
          timer,
          threads,
          RandomGenerator.getDefault());
  private final LinkProgram program = new LinkProgram(plane);

  @AfterEach
  void stop() {
    plane.close();
    channel.shutdownNow();
    server.close();
    threads.shutdownNow();
    scheduler.shutdownNow();
  }

  @Test
  void fiveHundredAtOnce_shareCalls_andThePoisonedOneFailsAlone() throws Exception {
    agent.refuse(item -> item.name().endsWith(".w-250"), "VPPApiError: No such entity (-6)");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch allWait = new CountDownLatch(1);
    agent.tells(call -> stay(call, asked, allWait));
    List<Future<?>> requests = new ArrayList<>();
    requests.add(threads.submit(() -> put(0)));
    assertThat(asked.await(90, TimeUnit.SECONDS)).isTrue();
    IntStream.range(1, 500).forEach(n -> requests.add(threads.submit(() -> put(n))));
    Deadline deadline = Deadline.after(LONG, timer);
    while (program.waiting() < 499) {
      assertThat(deadline.passed()).as("%d wait", program.waiting()).isFalse();
      Thread.onSpinWait();
    }
    allWait.countDown();
    int failed = 0;
    for (int n = 0; n < 500; n++) {
      try {
        requests.get(n).get(90, TimeUnit.SECONDS);
      } catch (ExecutionException failure) {
        failed++;
        assertThat(n).isEqualTo(250);
        assertThat(failure).hasMessageContaining("No such entity").hasMessageContaining("w-250");
      }
    }
    assertThat(failed).isEqualTo(1);
    assertThat(agent.calls().size()).isLessThan(60);
    assertThat(agent.state().lines().filter(line -> line.startsWith("memif"))).hasSize(499);
    assertThat(agent.state()).doesNotContain("PENDING", "FAILED", "w-250");
  }

  @Test
  void agentKilledUnderLoad_everyLinkIsBackOnce_withoutFullResync() throws Exception {
    List<Future<?>> requests =
        IntStream.range(0, 200).<Future<?>>mapToObj(n -> threads.submit(() -> insist(n))).toList();
    requests.get(3).get(90, TimeUnit.SECONDS);
    server.kill();
    server.revive();
    for (Future<?> request : requests) {
      request.get(90, TimeUnit.SECONDS);
    }
    Deadline deadline = Deadline.after(LONG, timer);
    while (plane.status().state() != VppStatus.State.UP || memifs() < 200) {
      assertThat(deadline.passed()).as(plane.status().toString()).isFalse();
      Thread.onSpinWait();
    }
    assertThat(memifs()).isEqualTo(200);
    assertThat(agent.state()).doesNotContain("PENDING", "FAILED");
    assertThat(agent.calls()).noneMatch(FakeAgent.Call::fullResync);
  }

  /** The agent answers the first once all others have come. */
  private static void stay(FakeAgent.Call call, CountDownLatch asked, CountDownLatch allWait) {
    if (call.method().equals("Update")) {
      asked.countDown();
      try {
        assertThat(allWait.await(90, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  private long memifs() {
    return agent.state().lines().filter(line -> line.startsWith("memif")).count();
  }

  private Object put(int n) throws EndpointException {
    return program.put(SomeLinks.numbered("w-" + n, n, List.of()), Deadline.after(LONG, timer));
  }

  /** As a client does: asks until it is answered. */
  private Object insist(int n) throws EndpointException {
    Deadline deadline = Deadline.after(LONG, timer);
    while (true) {
      try {
        return put(n);
      } catch (EndpointException failure) {
        if (!failure.reason().retriable() || deadline.passed()) {
          throw failure;
        }
        Thread.onSpinWait();
      }
    }
  }
}
