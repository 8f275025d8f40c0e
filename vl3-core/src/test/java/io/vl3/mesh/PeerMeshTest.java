package io.vl3.mesh;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.mesh.InProcessMesh.Nse;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerMeshTest {

  private final FakeTimer timer = new FakeTimer();
  private final ManualExecutor executor = new ManualExecutor();
  private final InProcessMesh mesh = new InProcessMesh(executor, timer);
  private final List<Nse> stopped = new ArrayList<>();

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("stores", () -> stopped.stream().mapToInt(Nse::stored).sum())
          .empty("watches", mesh.registry()::watching)
          .empty("timer", timer::pending);

  @AfterEach
  void stopAll() throws Exception {
    settle(Duration.ofSeconds(60));
    for (Nse nse : List.copyOf(mesh.nses())) {
      stopped.add(nse);
      nse.stop();
      executor.runAll();
    }
    settle(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 12})
  void nses_convergeToOneLinkPerPair_dialledByTheLater(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      start(i);
      timer.advance(Duration.ofMillis(10));
    }
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
    Nse last = mesh.nse(name(count - 1));
    assertThat(last.client().size()).isEqualTo(count - 1);
    assertThat(mesh.nse(name(0)).client().size()).isZero();
    assertThat(last.mesh().status())
        .allSatisfy(
            status -> {
              assertThat(status.state()).isEqualTo(PeerState.UP);
              assertThat(status.dialler()).isEqualTo(Dialler.US);
              assertThat(status.prefixes()).hasSize(1);
            });
  }

  @Test
  void nsesRegisteredTogether_areDialledByTheLaterName() throws Exception {
    start(1);
    start(0);
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
    assertThat(mesh.nse("nse-1").client().size()).isEqualTo(1);
  }

  @Test
  void links_areUnnumberedAndShowBothPrefixes() throws Exception {
    startBoth();
    Connection link = mesh.nse("nse-1").client().connections().get(0);
    assertThat(link.ip().clientAddresses()).hasToString("[10.60.1.0/32]");
    assertThat(link.ip().endpointAddresses()).hasToString("[10.60.0.0/32]");
    assertThat(link.ip().clientRoutes())
        .hasToString("[10.60.0.0/32 via 10.60.0.0, 10.60.0.0/24 via 10.60.0.0]");
    assertThat(link.ip().endpointRoutes())
        .hasToString("[10.60.1.0/32 via 10.60.1.0, 10.60.1.0/24 via 10.60.1.0]");
  }

  /** It left while its request was under way. */
  @Test
  void whatAPeerThatHasLeftWasRefusedFor_isForgotten() throws Exception {
    start(1);
    executor.runAll();
    PrefixTable table = mesh.nse("nse-1").table();
    IpPrefix prefix = IpPrefix.parse("10.60.7.0/24");
    table.claim(link("b", "gone-b", prefix));
    assertThatThrownBy(() -> table.claim(link("c", "gone-c", prefix)))
        .hasMessageContaining("gone-b");
    assertThat(table.size()).as("refused").isEqualTo(1);
    assertThatThrownBy(() -> table.claim(link("a", "gone-a", prefix)))
        .hasMessageContaining("gone-b");
    assertThat(table.size()).as("reserved").isEqualTo(1);
    table.note(new PrefixOverlap("nse-1", prefix, "gone-a", prefix, true), new ConnectionId("a"));
    assertThat(table.dispute()).isEmpty();
    table.release(new ConnectionId("b"));
  }

  @Test
  void aDeadPeer_isTriedAgainWithBackOff_andHoldsUpNobody() throws Exception {
    Nse dead = start(0);
    dead.unreachable(true);
    start(1);
    start(2);
    settle(Duration.ofSeconds(5));
    PeerStatus status = mesh.nse("nse-2").status("nse-0");
    assertThat(status.state()).isEqualTo(PeerState.BACKING_OFF);
    assertThat(status.lastError()).contains("endpoint: nse-0 is away");
    assertThat(status.failures()).isBetween(4, 8);
    assertThat(mesh.nse("nse-2").status("nse-1").state()).isEqualTo(PeerState.UP);
    dead.unreachable(false);
    settle(Duration.ofSeconds(30));
    assertThat(mesh.fault()).isEmpty();
    assertThat(mesh.nse("nse-2").status("nse-0").lastError()).isEmpty();
  }

  @Test
  void ifTheLaterCannotDial_theEarlierDoesAfterItsPatience() throws Exception {
    start(0);
    Nse later = start(1);
    later.announce();
    settle(Duration.ofSeconds(9));
    assertThat(mesh.nse("nse-0").status("nse-1").state()).isEqualTo(PeerState.ABSENT);
    assertThat(later.status("nse-0").lastError()).contains("no prefix yet [nse-1]");
    settle(Duration.ofSeconds(2));
    assertThat(mesh.nse("nse-0").status("nse-1").state()).isEqualTo(PeerState.BACKING_OFF);
    later.announce("10.60.1.0/24");
    settle(Duration.ofSeconds(60));
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aLinkThatTheEarlierDialled_staysTheOnlyOne() throws Exception {
    Nse earlier = start(0);
    Nse later = start(1);
    ConnectionId link = dialOutOfTurn(earlier, later);
    settle(Duration.ofSeconds(30));
    assertThat(mesh.fault()).isEmpty();
    assertThat(earlier.client().handle(link).established()).isPresent();
    assertThat(later.status("nse-0").dialler()).isEqualTo(Dialler.PEER);
  }

  /** The later cannot reach the earlier until the earlier has dialled. */
  private ConnectionId dialOutOfTurn(Nse earlier, Nse later) {
    earlier.gate(
        () -> {
          throw new EndpointException(Reason.UNAVAILABLE, "later: may not pass");
        });
    settle(Duration.ofSeconds(10));
    earlier.gate(() -> {});
    assertThat(later.client().size()).isZero();
    return earlier.client().connections().get(0).requireId();
  }

  @Test
  void aRestartedPeer_getsItsLinksBackUnderTheSameIds() throws Exception {
    startThree();
    Nse killed = mesh.kill("nse-2");
    List<ConnectionId> ids = ids(killed);
    settle(Duration.ofSeconds(1));
    mesh.start("nse-2", "10.60.2.0/24", Optional.of(killed.self()));
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
    assertThat(ids(mesh.nse("nse-2"))).containsExactlyElementsOf(ids);
  }

  @Test
  void aRestartedPeerThatWasDialled_isGivenItsLinksBack() throws Exception {
    startThree();
    Nse killed = mesh.kill("nse-0");
    mesh.start("nse-0", "10.60.0.0/24", Optional.of(killed.self()));
    settle(Duration.ofMillis(300));
    assertThat(mesh.fault()).isEmpty();
    assertThat(mesh.nse("nse-0").client().size()).isZero();
  }

  @Test
  void aRestartedPeer_mayBringAnotherPrefix() throws Exception {
    startThree();
    Nse killed = mesh.kill("nse-0");
    Nse other = mesh.kill("nse-2");
    mesh.start("nse-0", "10.60.9.0/24", Optional.of(killed.self()));
    mesh.start("nse-2", "10.60.0.0/24", Optional.of(other.self()));
    settle(Duration.ofSeconds(90));
    assertThat(mesh.fault()).isEmpty();
    assertThat(mesh.nse("nse-1").table().announced())
        .containsEntry("nse-0", List.of(IpPrefix.parse("10.60.9.0/24")));
  }

  @Test
  void aPeerRegisteredAnew_isRebuilt() throws Exception {
    startThree();
    timer.advance(Duration.ofSeconds(1));
    Nse killed = mesh.kill("nse-0");
    mesh.registry().forget("nse-0");
    mesh.start("nse-0", "10.60.0.0/24");
    settle(Duration.ofSeconds(20));
    assertThat(mesh.fault()).isEmpty();
    assertThat(mesh.nse("nse-0").client().size()).isEqualTo(2);
    assertThat(killed.self().registered()).isNotEqualTo(mesh.nse("nse-0").self().registered());
  }

  @Test
  void aPeerRegisteredAnew_keepsItsLinks_untilItHasOthers() throws Exception {
    startBoth();
    timer.advance(Duration.ofSeconds(1));
    mesh.kill("nse-0");
    mesh.registry().forget("nse-0");
    mesh.start("nse-0", "10.60.0.0/24");
    mesh.kill("nse-0");
    settle(Duration.ofSeconds(5));
    assertThat(mesh.nse("nse-1").status("nse-0").state()).isEqualTo(PeerState.DEGRADED);
    assertThat(mesh.nse("nse-1").table().announced()).containsKey("nse-0");
    mesh.start("nse-0", "10.60.0.0/24");
    settle(Duration.ofSeconds(1));
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aPeerThatLeaves_leavesNothingBehind() throws Exception {
    startThree();
    Nse killed = mesh.kill("nse-2");
    mesh.registry().unregister(killed.self());
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
    assertThat(mesh.nse("nse-0").server().size()).isEqualTo(1);
    assertThat(mesh.nse("nse-0").table().size()).isEqualTo(1);
    Nse first = mesh.kill("nse-0");
    mesh.registry().unregister(first.self());
    executor.runAll();
    assertThat(mesh.nse("nse-1").stored()).isZero();
  }

  @Test
  void aChangedOwnPrefix_isToldOverEveryLink() throws Exception {
    startThree();
    mesh.nse("nse-1").announce("10.60.77.0/24");
    executor.runAll();
    assertThat(mesh.nse("nse-0").table().announced())
        .containsEntry("nse-1", List.of(IpPrefix.parse("10.60.77.0/24")));
    Connection dialledByPeer = mesh.nse("nse-1").server().connections().get(0);
    assertThat(dialledByPeer.ip().clientRoutes())
        .hasToString("[10.60.77.0/32 via 10.60.77.0, 10.60.77.0/24 via 10.60.77.0]");
    mesh.nse("nse-2").client().connections().forEach(link -> refresh(mesh.nse("nse-2"), link));
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aBrokenLink_isAskedForAgain_andTornDownIfThatFails() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    ConnectionId link = ids(dialler).get(0);
    dialler.mesh().linkDown(link, "liveness: no answer for 3 s");
    executor.runAll();
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    dialler.mesh().linkUp(link);
    mesh.nse("nse-0").unreachable(true);
    dialler.mesh().linkDown(link, "liveness: no answer for 3 s");
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.DEGRADED);
    settle(Duration.ofSeconds(5));
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.BACKING_OFF);
    assertThat(dialler.table().size()).isZero();
    mesh.nse("nse-0").unreachable(false);
    settle(Duration.ofSeconds(30));
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aLinkThatProbesFindDead_isAskedForAgain_thenReplaced() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    int[] closes = new int[1];
    boolean[] passes = {true};
    dialler.onClose(() -> closes[0]++);
    ProbeLinks probes =
        new ProbeLinks(
            dialler.mesh(), link -> passes[0], ProbeLinks.Settings.DEFAULT, executor, timer);
    probes.start();
    settle(Duration.ofSeconds(10));
    passes[0] = false;
    settle(Duration.ofSeconds(2));
    assertThat(closes[0]).isZero();
    settle(Duration.ofSeconds(2));
    assertThat(closes[0]).isEqualTo(1);
    passes[0] = true;
    settle(Duration.ofSeconds(10));
    assertThat(closes[0]).isEqualTo(1);
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    probes.close();
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aLinkIsUp_onlyOncePacketsPass_whereThatCanBeTold() throws Exception {
    Nse dialled = start(0);
    Nse dialler = start(1);
    boolean[] passes = {false};
    ProbeLinks ours = probes(dialler, passes);
    ProbeLinks theirs = probes(dialled, passes);
    ours.start();
    theirs.start();
    settle(Duration.ofMillis(500));
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.DIALLING);
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.DIALLING);
    passes[0] = true;
    settle(Duration.ofSeconds(3));
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.UP);
    passes[0] = false;
    settle(Duration.ofSeconds(4));
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.DEGRADED);
    passes[0] = true;
    settle(Duration.ofSeconds(4));
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.UP);
    start(2);
    executor.runAll();
    assertThat(dialler.status("nse-2").state()).isEqualTo(PeerState.UP);
    ours.close();
    theirs.close();
  }

  /** Its dialler's manager makes it after it was answered here, which may take all of a request. */
  @Test
  void aLinkThatThePeerDialled_isDown_onlyOnceThereWasTimeToMakeIt() throws Exception {
    Nse dialled = start(0);
    start(1);
    boolean[] passes = {false};
    ProbeLinks probes = probes(dialled, passes);
    probes.start();
    settle(ProbeLinks.Settings.DEFAULT.making());
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.DIALLING);
    settle(Duration.ofSeconds(2));
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.DEGRADED);
    passes[0] = true;
    settle(Duration.ofSeconds(3));
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.UP);
    passes[0] = false;
    settle(Duration.ofSeconds(4));
    assertThat(dialled.status("nse-1").state()).as("made long ago").isEqualTo(PeerState.DEGRADED);
    probes.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDialThatEndsAfterTheMesh_isClosed_unlessTheMeshHasLeft(boolean leaves) throws Exception {
    Nse dialled = start(0);
    int[] closes = {0};
    Nse[] dialler = new Nse[1];
    dialled.gate(
        () -> {
          var unused = dialler[0].mesh().shutDown();
          if (leaves) {
            dialler[0].mesh().leave();
          }
        });
    dialler[0] = start(1);
    dialler[0].onClose(() -> closes[0]++);
    executor.runAll();
    assertThat(closes[0]).isEqualTo(leaves ? 0 : 1);
    if (leaves) {
      mesh.kill("nse-1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3600, 3700, 3800})
  void aLinkThatWasDown_isUp_asSoonAsASecondProbeIsAnswered(int deadMillis) throws Exception {
    start(0);
    Nse dialler = start(1);
    boolean[] passes = {true};
    ProbeLinks probes = probes(dialler, passes);
    probes.start();
    settle(Duration.ofSeconds(3));
    passes[0] = false;
    settle(Duration.ofMillis(deadMillis));
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.DEGRADED);
    passes[0] = true;
    ProbeLinks.Settings pace = ProbeLinks.Settings.DEFAULT;
    settle(pace.every().plus(pace.afterFailure()));
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    probes.close();
  }

  @Test
  void aProbeThatCannotBeBegun_countsAsUnanswered_andIsMadeAgainByTheExecutor() throws Exception {
    start(0);
    Nse dialler = start(1);
    executor.runAll();
    int[] begun = {0};
    ProbeLinks probes =
        new ProbeLinks(
            dialler.mesh(),
            new BegunOnly(
                () -> {
                  if (begun[0]++ == 0) {
                    throw new IllegalStateException("no more threads");
                  }
                }),
            ProbeLinks.Settings.DEFAULT,
            executor,
            timer);
    probes.start();
    executor.runAll();
    assertThat(begun[0]).isEqualTo(1);
    timer.advance(ProbeLinks.Settings.DEFAULT.afterFailure());
    assertThat(begun[0]).as("not by the timer's thread").isEqualTo(1);
    executor.runAll();
    assertThat(begun[0]).isEqualTo(2);
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    settle(Duration.ofSeconds(2));
    assertThat(begun[0]).as("rounds go on").isGreaterThan(2);
    probes.close();
  }

  private record BegunOnly(Runnable beginning) implements LivenessProbe {

    @Override
    public boolean alive(Connection connection) {
      throw new AssertionError("probe: blocks (expected: one that is begun only)");
    }

    @Override
    public CompletionStage<Boolean> begin(Connection connection, Executor on) {
      beginning.run();
      return CompletableFuture.completedStage(true);
    }
  }

  private ProbeLinks probes(Nse nse, boolean[] passes) {
    return new ProbeLinks(
        nse.mesh(), link -> passes[0], ProbeLinks.Settings.DEFAULT, executor, timer);
  }

  @Test
  void aLinkThatCannotBeRefreshed_isKeptWhilePacketsPass_elseTornDownAfterTheSilence()
      throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    ConnectionId link = ids(dialler).get(0);
    mesh.nse("nse-0").unreachable(true);
    refresh(dialler, dialler.client().connections().get(0));
    for (int i = 0; i < 20; i++) {
      settle(Duration.ofSeconds(1));
      dialler.mesh().linkUp(link);
    }
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.DEGRADED);
    assertThat(dialler.client().size()).isEqualTo(1);
    settle(Duration.ofSeconds(15));
    assertThat(dialler.client().size()).isZero();
    assertThat(dialler.table().size()).isZero();
    mesh.nse("nse-0").unreachable(false);
    settle(Duration.ofSeconds(5));
    assertThat(mesh.fault()).isEmpty();
  }

  /** As behind a wire that was cut: a request is not refused, it ends with its deadline. */
  @Test
  void aDeadLink_isTornDown_whenTheFirstRepairHasFailedAfterTheSilence() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    mesh.nse("nse-0")
        .gate(
            () -> {
              timer.advance(Duration.ofSeconds(11));
              throw new EndpointException(Reason.DEADLINE, "nse-0: no answer");
            });
    dialler.mesh().linkDown(ids(dialler).get(0), "liveness");
    executor.runAll();
    assertThat(dialler.client().size() + dialler.table().size()).isZero();
  }

  /** As when a cut ends: the request that waited comes through before the probes do. */
  @Test
  void aLinkThatIsAskedForAgain_isNotReplacedForProbesOfTheTimeBefore() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    int[] closes = {0};
    dialler.onClose(() -> closes[0]++);
    HeldProbe probe = new HeldProbe();
    ProbeLinks probes = probe.over(dialler);
    probe.answer(true);
    probe.answer(false, false, false);
    mesh.nse("nse-0").gate(() -> probe.answer(false, false));
    executor.runAll();
    mesh.nse("nse-0").gate(() -> {});
    probe.answer(false, false, false);
    executor.runAll();
    assertThat(closes[0]).as("two failures since").isZero();
    probe.answer(true, true);
    executor.runAll();
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    assertThat(closes[0]).isZero();

    probe.answer(false, false, false);
    executor.runAll();
    probe.answer(false, false, false, false);
    executor.runAll();
    assertThat(closes[0]).as("asked for again it stays dead: replaced").isEqualTo(1);
    probes.close();
  }

  @Test
  void aLinkThatIsGone_isProbedNoMore() throws Exception {
    startBoth();
    HeldProbe probe = new HeldProbe();
    ProbeLinks probes = probe.over(mesh.nse("nse-1"));
    probe.answer(true);
    probe.underWay.complete(false);
    Nse killed = mesh.kill("nse-0");
    mesh.registry().unregister(killed.self());
    executor.runAll();
    int before = probe.begun;
    timer.advance(ProbeLinks.Settings.DEFAULT.afterFailure());
    probe.threads.runAll();
    assertThat(probe.begun).isEqualTo(before);
    probes.close();
  }

  @Test
  void aRepairThatFailsAfterTheSilence_replacesNoLinkThatAnswersMeanwhile() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    int[] closes = {0};
    dialler.onClose(() -> closes[0]++);
    HeldProbe probe = new HeldProbe();
    ProbeLinks probes = probe.over(dialler);
    probe.answer(true);
    probe.answer(false, false, false);
    mesh.nse("nse-0").gate(() -> inVain(() -> probe.answer(true)));
    executor.runAll();
    assertThat(closes[0]).isZero();
    mesh.nse("nse-0").gate(() -> {});
    probe.answer(true, true);
    executor.runAll();
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    assertThat(closes[0]).isZero();
    probes.close();
  }

  @Test
  void aRepairThatTheLinkHasOvertaken_failsWithoutAWord() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    HeldProbe probe = new HeldProbe();
    ProbeLinks probes = probe.over(dialler);
    probe.answer(true);
    probe.answer(false, false, false);
    int[] asked = {0};
    mesh.nse("nse-0")
        .gate(
            () -> {
              if (asked[0]++ == 0) {
                inVain(() -> probe.answer(true, true));
              }
            });
    try (LogLines log = LogLines.of(PeerMesh.class.getName())) {
      executor.runAll();
      assertThat(asked[0]).as("the peer may have forgotten it").isEqualTo(2);
      assertThat(log.lines(Level.WARN))
          .singleElement(as(InstanceOfAssertFactories.STRING))
          .startsWith("peer nse-0: linked, all is well again");
    }
    assertThat(dialler.status("nse-0").state()).isEqualTo(PeerState.UP);
    probes.close();
  }

  /** Behind a wire that was cut a request ends with its deadline. */
  private void inVain(Runnable meanwhile) throws EndpointException {
    timer.advance(Duration.ofSeconds(11));
    meanwhile.run();
    throw new EndpointException(Reason.DEADLINE, "nse-0: no answer");
  }

  /** Probes are answered when the test says so, with threads of their own. */
  private final class HeldProbe implements LivenessProbe {

    private final ManualExecutor threads = new ManualExecutor();
    private CompletableFuture<Boolean> underWay = new CompletableFuture<>();
    private int begun;

    ProbeLinks over(Nse nse) {
      ProbeLinks probes =
          new ProbeLinks(nse.mesh(), this, ProbeLinks.Settings.DEFAULT, threads, timer);
      probes.start();
      threads.runAll();
      return probes;
    }

    /** The probe under way, and then the next ones. */
    void answer(boolean... alive) {
      for (boolean each : alive) {
        underWay.complete(each);
        timer.advance(ProbeLinks.Settings.DEFAULT.every());
        threads.runAll();
      }
    }

    @Override
    public boolean alive(Connection connection) {
      throw new AssertionError("probe: blocks (expected: one that is begun only)");
    }

    @Override
    public CompletionStage<Boolean> begin(Connection connection, Executor on) {
      begun++;
      underWay = new CompletableFuture<>();
      return underWay;
    }
  }

  @Test
  void aSuspectThatAnswers_isNotTornDownForItsSilence() throws Exception {
    startBoth();
    Nse dialled = mesh.nse("nse-0");
    ConnectionId link = ids(mesh.nse("nse-1")).get(0);
    mesh.nse("nse-1").unreachable(true);
    dialled.mesh().linkDown(link, "liveness");
    settle(Duration.ofSeconds(9));
    dialled.mesh().linkAnswers(link);
    settle(Duration.ofSeconds(9));
    assertThat(dialled.server().size()).isEqualTo(1);
    settle(Duration.ofSeconds(2));
    assertThat(dialled.server().size()).isZero();
    mesh.nse("nse-1").unreachable(false);
  }

  @Test
  void aBrokenIncomingLink_isReplacedIfThePeerDoesNotRepairIt() throws Exception {
    startBoth();
    Nse dialled = mesh.nse("nse-0");
    ConnectionId link = dialled.server().connections().get(0).requireId();
    dialled.mesh().linkDown(link, "liveness");
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.DEGRADED);
    settle(Duration.ofSeconds(12));
    assertThat(dialled.status("nse-1").state()).isEqualTo(PeerState.UP);
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aLinkThatStaysDown_isLoggedOnce_notPerProbe_andItsEndOnce() throws Exception {
    startBoth();
    Nse dialled = mesh.nse("nse-0");
    ConnectionId link = dialled.server().connections().get(0).requireId();
    try (LogLines log = LogLines.of(PeerMesh.class.getName())) {
      for (int i = 0; i < 5; i++) {
        dialled.mesh().linkDown(link, "liveness: 3 probes unanswered");
      }
      settle(Duration.ofSeconds(1));
      dialled.mesh().linkUp(link);
      dialled.mesh().linkUp(link);
      executor.runAll();
      assertThat(log.lines(Level.WARN))
          .containsExactly(
              "peer nse-1: no packets pass: liveness: 3 probes unanswered",
              "peer nse-1: linked, all is well again after 1.0 s");
    }
  }

  @Test
  void aBrokenIncomingLink_isTornDownAfterTheSilence_ifNobodyCanMendIt() throws Exception {
    startBoth();
    Nse dialled = mesh.nse("nse-0");
    Nse away = mesh.nse("nse-1");
    away.unreachable(true);
    dialled.mesh().linkDown(ids(away).get(0), "liveness");
    settle(Duration.ofSeconds(9));
    dialled.mesh().linkUp(ids(away).get(0));
    dialled.mesh().linkDown(ids(away).get(0), "liveness");
    settle(Duration.ofSeconds(9));
    assertThat(dialled.server().size()).isEqualTo(1);
    settle(Duration.ofSeconds(2));
    assertThat(dialled.server().size() + dialled.table().size()).isZero();
    away.unreachable(false);
    refresh(away, away.client().connections().get(0));
    settle(Duration.ofSeconds(5));
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void anOwnLinkClosedByItsChain_isDialledAnew_butMoreSlowlyIfItJustWas() throws Exception {
    startBoth();
    settle(Duration.ofSeconds(10));
    closeLink();
    assertThat(mesh.fault()).isEmpty();
    closeLink();
    assertThat(mesh.fault()).isPresent();
    settle(Duration.ofMillis(200));
    assertThat(mesh.fault()).isEmpty();
    closeLink();
    settle(Duration.ofMillis(100));
    assertThat(mesh.fault()).isPresent();
    settle(Duration.ofMillis(300));
    assertThat(mesh.fault()).isEmpty();
  }

  private void closeLink() {
    Nse dialler = mesh.nse("nse-1");
    var closing = dialler.client().handle(ids(dialler).get(0)).close("expired");
    executor.runAll();
    assertThat(closing.toCompletableFuture()).isCompleted();
  }

  /** A refresh repeats the request of before, but says what is ours now. */
  @Test
  void aRefresh_announcesTheOwnPrefixOfNow() throws Exception {
    startBoth();
    Nse dialler = mesh.nse("nse-1");
    dialler.client().connections().forEach(link -> refresh(dialler, link));
    dialler.announce("10.60.77.0/24");
    dialler.client().connections().forEach(link -> refresh(dialler, link));
    settle(Duration.ofSeconds(1));
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void whatAnEarlierRunDialled_isNotRelievedByAProbe() throws Exception {
    Nse earlier = start(0);
    Nse later = start(1);
    ConnectionId link = dialOutOfTurn(earlier, later);
    settle(Duration.ofSeconds(10));
    mesh.kill("nse-0");
    mesh.start("nse-0", "10.60.0.0/24", Optional.of(earlier.self()));
    later.mesh().linkUp(link);
    settle(Duration.ofSeconds(1));
    assertThat(later.status("nse-0").dialler()).isEqualTo(Dialler.US);
    assertThat(mesh.fault()).isEmpty();
    assertThat(later.server().size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoTakesTheOthersPrefix_losesTheLink_andTheLaterIsDisputed(int taker) throws Exception {
    startBoth();
    settle(Duration.ofSeconds(10));
    mesh.nse(name(taker)).announce("10.60." + (1 - taker) + ".0/24");
    executor.runAll();
    // The dialler's monitor tells it that the other side closed; here nobody does.
    Nse dialler = mesh.nse("nse-1");
    dialler.client().connections().forEach(link -> refresh(dialler, link));
    settle(Duration.ofSeconds(30));
    assertThat(mesh.nse("nse-0").table().announced()).isEmpty();
    assertThat(mesh.nse("nse-1").table().announced()).isEmpty();
    assertThat(mesh.nse("nse-0").table().dispute()).isEmpty();
    assertThat(mesh.nse("nse-1").table().dispute()).isPresent();
    mesh.nse(name(taker)).announce("10.60.7.0/24");
    settle(Duration.ofSeconds(30));
    assertThat(mesh.fault()).isEmpty();
  }

  @Test
  void aRegistryOutage_changesNothing() throws Exception {
    startThree();
    mesh.registry().goAway();
    settle(Duration.ofSeconds(60));
    assertThat(mesh.fault()).isEmpty();
    mesh.registry().comeBack();
    settle(Duration.ofSeconds(60));
    assertThat(mesh.fault()).isEmpty();
  }

  /** What the element that refreshes does when the monitor tells of an update. */
  private static void refresh(Nse nse, Connection link) {
    var unused = nse.client().handle(link.requireId()).request(same -> same);
  }

  @Test
  void aPeerThatAnswersWithALie_isNotBelieved_andNothingOfItsLinkStays() throws Exception {
    Nse liar = mesh.start("nse-0", "10.61.0.0/24");
    Nse honest = start(1);
    settle(Duration.ofSeconds(9));
    assertThat(honest.status("nse-0").lastError())
        .contains("clientRoutes: 10.61.0.0/24 of peer nse-0 (expected: inside [10.60.0.0/16])");
    assertThat(honest.client().size()).isZero();
    assertThat(liar.server().size()).isZero();
    assertThat(honest.table().size() + liar.table().size()).isZero();
    liar.announce("10.60.0.0/24");
    settle(Duration.ofSeconds(60));
    assertThat(mesh.fault()).isEmpty();
    liar.announce("10.61.0.0/24");
    var refreshed = honest.client().handle(ids(honest).get(0)).request(same -> same);
    executor.runAll();
    assertThat(refreshed.toCompletableFuture()).isCompletedExceptionally();
    assertThat(honest.stored() + liar.server().size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofTwoNsesWithOnePrefix_theLaterGivesWayEverywhere(boolean laterLinksFirst) throws Exception {
    Nse first = start(0);
    Nse third = start(1);
    timer.advance(Duration.ofMillis(10));
    first.unreachable(laterLinksFirst);
    third.unreachable(laterLinksFirst);
    Nse second = mesh.start("nse-2", "10.60.0.0/24");
    third.unreachable(false);
    settle(Duration.ofSeconds(1));
    first.unreachable(false);
    settle(Duration.ofMinutes(2));
    assertThat(first.table().announced()).containsOnlyKeys("nse-1");
    assertThat(third.table().announced()).containsOnlyKeys("nse-0");
    assertThat(second.table().dispute())
        .contains(
            "own prefix: 10.60.0.0/24 of nse-2"
                + " (expected: apart from 10.60.0.0/24 of peer nse-0, registered earlier)");
    assertThat(first.table().dispute()).isEmpty();
    assertThat(first.table().overlaps()).singleElement().satisfies(this::namesBoth);
    assertThat(second.table().overlaps()).singleElement().satisfies(this::namesBoth);
    assertThat(second.status("nse-0").state()).isEqualTo(PeerState.BACKING_OFF);
    second.announce("10.60.2.0/24");
    settle(Duration.ofSeconds(60));
    assertThat(mesh.fault()).isEmpty();
    assertThat(second.table().dispute()).isEmpty();
    assertThat(first.table().overlaps()).isEmpty();
    assertThat(second.table().overlaps()).isEmpty();
  }

  @Test
  void theLaterOfTwoNsesWithOnePrefix_hearsOfItAtOnce() throws Exception {
    Nse first = start(0);
    timer.advance(Duration.ofMillis(10));
    Nse second = mesh.start("nse-1", "10.60.0.0/24");
    executor.runAll();
    assertThat(second.table().dispute()).isPresent();
    assertThat(first.table().overlaps()).hasSize(1);
    assertThat(first.server().size() + second.server().size()).isZero();
  }

  private void namesBoth(PrefixOverlap overlap) {
    assertThat(overlap.message()).contains("10.60.0.0/24 of", "nse-0", "nse-2");
  }

  @Test
  void whoWasRefusedForAPrefix_isDialledAtOnce_whenItIsFree() throws Exception {
    Nse holder = start(0);
    timer.advance(Duration.ofMillis(10));
    Nse waiting = mesh.start(name(1), "10.60.0.0/24");
    timer.advance(Duration.ofMillis(10));
    Nse dialler = start(2);
    settle(Duration.ofSeconds(60));
    assertThat(dialler.status(name(1)).state()).isEqualTo(PeerState.BACKING_OFF);
    holder.stop();
    stopped.add(holder);
    executor.runAll();
    assertThat(dialler.status(name(1)).state()).isEqualTo(PeerState.UP);
    assertThat(waiting.status(name(2)).state()).isEqualTo(PeerState.UP);
  }

  private void startBoth() throws Exception {
    start(0);
    start(1);
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
  }

  private void startThree() throws Exception {
    start(0);
    start(1);
    start(2);
    executor.runAll();
    assertThat(mesh.fault()).isEmpty();
  }

  private Nse start(int number) throws Exception {
    return mesh.start(name(number), "10.60." + number + ".0/24");
  }

  private static String name(int number) {
    return number < 10 ? "nse-" + number : "nse-a" + number;
  }

  private static List<ConnectionId> ids(Nse nse) {
    return nse.client().connections().stream()
        .map(Connection::requireId)
        .sorted((one, other) -> one.value().compareTo(other.value()))
        .toList();
  }

  private PeerLink link(String id, String peer, IpPrefix prefix) {
    EndpointRunner runner =
        new EndpointRunner(
            (request, session, next) -> next.request(request),
            executor,
            timer,
            Duration.ofSeconds(1));
    EndpointRecord record = EndpointRecord.of(peer, "vl3", Map.of(), "");
    return new PeerLink(record, runner.handle(new ConnectionId(id)), Dialler.PEER, List.of(prefix));
  }

  private void settle(Duration time) {
    executor.runAll();
    for (Duration step = Duration.ZERO; step.compareTo(time) < 0; step = step.plusMillis(100)) {
      timer.advance(Duration.ofMillis(100));
      executor.runAll();
    }
  }
}
