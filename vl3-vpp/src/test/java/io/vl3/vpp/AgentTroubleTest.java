package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents at their worst: they hang at the wrong moment, keep us busy, take only so much. */
class AgentTroubleTest {

  private static final Duration SOON = Duration.ofSeconds(11);
  private static final Duration NEXT_LOOK = Duration.ofSeconds(31);
  private static final int LARGEST_CALL = 2 << 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private VppRig rig;

  @AfterEach
  void stop() {
    rig.close();
    threads.shutdownNow();
  }

  @Test
  void agentThatHangsInTheMiddleOfAnUndo_isWaitedForOnce_andPutRightLater() {
    rig = rig(VppRig.HANGS);
    Link one = SomeLinks.framed(SomeLinks.numbered("web-1", 1, List.of()));
    Link two = SomeLinks.framed(SomeLinks.numbered("web-2", 2, List.of()));
    rig.plane.apply(puts(one, two));
    String before = rig.state();
    rig.agent.refuse(
        item -> item.message() instanceof Interface face && face.getMtu() == 1300, "no memory");
    rig.agent.forgetCalls();
    hangAtTheUpdate(3); // both, the first alone, its undo
    List<LinkOutcome> outcomes =
        rig.plane.apply(puts(SomeLinks.withMtu(one, 1300), SomeLinks.withMtu(two, 1300)));
    assertThat(outcomes).allMatch(LinkOutcome.Failed.class::isInstance);
    assertThat(rig.agent.calls("Update")).isEqualTo(3);
    assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
    rig.agent.tells(call -> {}).hang(false);
    rig.agent.refuseNothing();
    rig.timer.advance(SOON);
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.plane.apply(puts(one, two))).containsOnly(new LinkOutcome.Applied(false, 1400));
  }

  @Test
  void muchToDelete_isSentInCallsThatAnAgentTakes() {
    rig = rig(Duration.ofSeconds(20));
    List<Link> links =
        IntStream.range(0, 24).mapToObj(n -> SomeLinks.numbered("w-" + n, n, routes(n))).toList();
    rig.plane.apply(puts(links.toArray(Link[]::new)));
    assertThat(rig.agent.running()).hasSizeGreaterThan(24 * 1500);
    rig.agent.forgetCalls();
    List<LinkChange> removals =
        links.stream().<LinkChange>map(link -> new LinkChange.Remove(link.key())).toList();
    assertThat(rig.plane.apply(removals)).containsOnly(new LinkOutcome.Applied(true, 0));
    assertThat(rig.state()).isEmpty();
    assertThat(rig.agent.calls())
        .extracting(FakeAgent.Call::bytes)
        .hasSizeGreaterThan(1)
        .allMatch(bytes -> bytes <= LARGEST_CALL);
  }

  @Test
  void lookThatDoesNotGetItsTurn_isNotTheLastOne() throws Exception {
    rig = rig(VppRig.HANGS);
    rig.plane.apply(puts(SomeLinks.numbered("web-1", 1, List.of())));
    String before = rig.state();
    rig.killAgent();
    rig.reviveAgent();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    rig.plane.onStatus(status -> stayWhileUp(status, begun, end));
    Future<?> busy = threads.submit(() -> rig.timer.advance(SOON));
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    Thread.currentThread().interrupt(); // the look gives up its turn now, not after a long wait
    rig.timer.advance(NEXT_LOOK);
    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
    busy.get(60, TimeUnit.SECONDS);
    rig.agent.vanish(item -> item.interfaceName().endsWith("web-1"));
    rig.timer.advance(NEXT_LOOK);
    assertThat(rig.state()).isEqualTo(before);
  }

  @Test
  void thousandClosesWhileTheAgentIsAway_areMadeGood_andForgotten() {
    rig = rig(Duration.ofSeconds(20));
    List<Link> links =
        IntStream.range(0, 1000).mapToObj(n -> SomeLinks.numbered("w-" + n, n, List.of())).toList();
    List<LinkKey> keys = links.stream().map(Link::key).toList();
    rig.plane.apply(puts(links.toArray(Link[]::new)));
    assertThat(rig.agent.running()).hasSizeGreaterThan(2000);
    rig.killAgent();
    rig.reviveAgent();
    rig.timer.advance(SOON);
    assertThat(rig.agent.running()).as("all are back").hasSizeGreaterThan(2000);
    rig.killAgent();
    for (LinkKey key : keys) {
      assertThatThrownBy(() -> rig.program.remove(key, rig.soon()))
          .hasMessageStartingWith("vpp-agent at agent:9113: ");
    }
    assertThat(rig.program.unremoved()).isEqualTo(1000);
    rig.reviveAgent();
    rig.timer.advance(SOON);
    assertThat(rig.state()).isEmpty();
    assertThat(rig.plane.status().links()).isZero();
    new LeftoverSweeper(
            rig.program, rig.timer, Runnable::run, Duration.ZERO, false, Duration.ofSeconds(20))
        .look();
    assertThat(rig.program.unremoved()).isZero();
  }

  /** Who is told the status in a turn keeps it. */
  private static void stayWhileUp(VppStatus status, CountDownLatch begun, CountDownLatch end) {
    if (status.state() == State.UP) {
      begun.countDown();
      try {
        assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  /** The agent answers nothing from that update on. */
  private void hangAtTheUpdate(int number) {
    int[] seen = {0};
    rig.agent.tells(
        call -> {
          if (call.method().equals("Update") && ++seen[0] == number) {
            rig.agent.hang(true);
          }
        });
  }

  private static VppRig rig(Duration call) {
    VppSettings.Pace pace =
        new VppSettings.Pace(call, Duration.ofSeconds(30), VppSettings.Pace.DEFAULT.again());
    return new VppRig(
        VppSettings.of("nse-a").withPace(pace), AddressingMode.POINT_TO_POINT, "10.60.0.0/16");
  }

  private static List<LinkChange> puts(Link... links) {
    return Stream.of(links).<LinkChange>map(LinkChange.Put::new).toList();
  }

  private static List<String> routes(int n) {
    return IntStream.range(0, 1500)
        .mapToObj(m -> "172.%d.%d.%d/32".formatted(16 + n, m / 256, m % 256))
        .toList();
  }
}
