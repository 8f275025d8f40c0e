package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.vl3.dataplane.LinkProgram;
import io.vl3.failure.EndpointException;
import io.vl3.time.BackOff;
import io.vl3.time.Deadline;
import io.vl3.time.SystemTimer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent in a process of its own, over TCP, killed with {@code kill -9} under load. */
class KilledAgentProcessTest {

  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int LINKS = 200;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(2);
  private final SystemTimer timer = new SystemTimer(scheduler);
  private AgentProcess agent;
  private ManagedChannel channel;
  private VppDataPlane plane;
  private LinkProgram program;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    agent = new AgentProcess(directory.resolve("calls"));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", agent.port()).usePlaintext().build();
    VppSettings.Pace quick =
        new VppSettings.Pace(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            new BackOff(Duration.ofMillis(50), Duration.ofMillis(500)));
    plane =
        VppDataPlane.open(
            channel,
            "127.0.0.1:" + agent.port(),
            VppSettings.of("nse-a").withPace(quick),
            timer,
            threads,
            RandomGenerator.getDefault());
    program = new LinkProgram(plane);
  }

  @AfterEach
  void stop() throws Exception {
    plane.close();
    channel.shutdownNow();
    agent.close();
    threads.shutdownNow();
    scheduler.shutdownNow();
  }

  @Test
  void everyLinkIsBackOnce_withoutFullResync() throws Exception {
    for (int n = 0; n < LINKS / 2; n++) {
      put(n);
    }
    assertThat(memifs()).isEqualTo(LINKS / 2);
    CountDownLatch away = new CountDownLatch(1);
    List<Future<?>> requests = new ArrayList<>(insistOn(LINKS / 2, LINKS * 3 / 4, away));
    agent.kill();
    // These come while it is away, whatever the others had got done.
    requests.addAll(insistOn(LINKS * 3 / 4, LINKS, away));
    assertThat(away.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    agent.start();
    for (Future<?> request : requests) {
      request.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
    Deadline deadline = Deadline.after(LONG, timer);
    while (plane.status().state() != VppStatus.State.UP || memifs() < LINKS) {
      assertThat(deadline.passed()).as(plane.status().toString()).isFalse();
      pause();
    }
    List<String> state = agent.state();
    assertThat(state).doesNotHaveDuplicates().noneMatch(line -> line.matches("(PENDING|FAILED).*"));
    assertThat(state.stream().filter(line -> line.startsWith("memif"))).hasSize(LINKS);
    assertThat(state).as("each was made once in the second life").contains("made " + LINKS);
    assertThat(agent.calls())
        .anyMatch(call -> call.contains("method=Update"))
        .noneMatch(call -> call.contains("fullResync=true"));
  }

  private long memifs() throws Exception {
    return agent.state().stream().filter(line -> line.startsWith("memif")).count();
  }

  private Object put(int n) throws EndpointException {
    return program.put(SomeLinks.numbered("w-" + n, n, List.of()), Deadline.after(LONG, timer));
  }

  private List<Future<?>> insistOn(int begin, int end, CountDownLatch away) {
    return IntStream.range(begin, end)
        .<Future<?>>mapToObj(n -> threads.submit(() -> insist(n, away)))
        .toList();
  }

  /** As a client does: asks until it is answered. */
  private Object insist(int n, CountDownLatch away) throws Exception {
    Deadline deadline = Deadline.after(LONG, timer);
    while (true) {
      try {
        return put(n);
      } catch (EndpointException failure) {
        away.countDown();
        if (!failure.reason().retriable() || deadline.passed()) {
          throw failure;
        }
        pause();
      }
    }
  }

  private static void pause() throws InterruptedException {
    var unused = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
  }
}
