package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.LogLines;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.MonitorSelector;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.RequestLog;
import io.vl3.time.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HealConnectionTest {

  private static final BackOff BACK_OFF =
      new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final ChainRig rig = new ChainRig();
  private final Streams streams = new Streams();
  private final Remote remote = new Remote();
  private final AtomicBoolean packetsPass = new AtomicBoolean(true);

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("timers", rig.timer::pending)
          .empty("tasks", rig.executor::size)
          .empty("sessions", () -> rig.runner().size())
          .empty("streams", () -> streams.open.size());

  @Test
  void established_watchesOwnSegmentOnce() throws EndpointException {
    Connection made = start(false);
    rig.request(made);
    rig.executor.runAll();
    assertThat(streams.opened).isEqualTo(1);
    assertThat(streams.open.get(0).selector.segments())
        .extracting(segment -> segment.name())
        .containsExactly("client");
    rig.close(made);
  }

  @Test
  void streamBroken_packetsPass_asksTheSameEndpointAndWatchesAgain() throws EndpointException {
    Connection made = start(false);
    streams.breakAll(Reason.UNAVAILABLE);
    settle();
    assertThat(remote.log).containsExactly("request nse UP");
    assertThat(streams.opened).isEqualTo(2);
    rig.close(made);
  }

  @Test
  void streamBroken_noPackets_asksTheSameOnce_thenForAnother() throws EndpointException {
    Connection made = start(false);
    packetsPass.set(false);
    streams.breakAll(Reason.UNAVAILABLE);
    settle();
    assertThat(remote.log)
        .containsExactly("request nse UP", "close nse", "request - RESELECT_REQUESTED");
    rig.close(made);
  }

  @Test
  void streamBroken_linkCutMeanwhile_isMendedByTheSameEndpoint() throws EndpointException {
    Connection made = start(false);
    packetsPass.set(false);
    streams.breakAll(Reason.UNAVAILABLE);
    rig.advance(Duration.ZERO);
    packetsPass.set(true);
    settle();
    assertThat(remote.log).containsOnly("request nse UP");
    rig.close(made);
  }

  @Test
  void sameIsNotFoundAnyMore_packetsPass_anotherIsAskedForAtOnce() throws EndpointException {
    Connection made = start(false);
    remote.gone = true;
    streams.breakAll(Reason.UNAVAILABLE);
    rig.advance(Duration.ZERO);
    rig.advance(Duration.ZERO);
    assertThat(remote.log)
        .containsExactly("request nse UP", "close nse", "request - RESELECT_REQUESTED");
    settle();
    assertThat(remote.log).as("and that is all").hasSize(3);
    rig.close(made);
  }

  @Test
  void sameIsAway_packetsPass_isWaitedFor_andKeepsItsConnectionWhenItReturns()
      throws EndpointException {
    Connection made = start(false);
    remote.failing = 20;
    streams.breakAll(Reason.UNAVAILABLE);
    settle();
    assertThat(remote.log).hasSize(21).containsOnly("request nse UP");
    rig.close(made);
  }

  @Test
  void sameIsNotFoundAnyMore_butEndpointKept_asksTheSame() throws EndpointException {
    Connection made = start(true);
    remote.gone = true;
    streams.breakAll(Reason.UNAVAILABLE);
    for (int i = 0; i < 5; i++) {
      rig.advance(Duration.ofSeconds(10));
    }
    assertThat(remote.log).hasSizeGreaterThan(1).containsOnly("request nse UP");
    rig.close(made);
  }

  @Test
  void sameIsNotFoundAnyMore_butEndpointKept_isAskedWithPauses() throws EndpointException {
    Connection made = start(true);
    remote.gone = true;
    streams.breakAll(Reason.UNAVAILABLE);
    for (int second = 0; second < 60; second++) {
      rig.advance(Duration.ofSeconds(1));
    }
    assertThat(remote.log).hasSizeBetween(5, 20);
    rig.close(made);
  }

  @Test
  void failing_isLoggedOncePerCause_andItsEndOnce() throws EndpointException {
    try (LogLines lines = LogLines.of(HealConnection.class.getName())) {
      Connection made = start(false);
      remote.failing = 20;
      streams.breakAll(Reason.UNAVAILABLE);
      settle();
      assertThat(lines.lines())
          .extracting(line -> line.replaceAll("connection [^:]*: |after .*", ""))
          .containsExactly(
              "asking again, watch ended: stream: broken",
              "asked in vain: remote: away",
              "healed ");
      assertThat(lines.contexts())
          .allSatisfy(
              context ->
                  assertThat(context)
                      .containsEntry(RequestLog.CONNECTION, made.requireId().value()));
      rig.close(made);
    }
  }

  @Test
  void down_noPackets_closesAndAsksForAnother() throws EndpointException {
    Connection made = start(false);
    packetsPass.set(false);
    streams.tell(ConnectionState.DOWN);
    settle();
    assertThat(remote.log).containsExactly("close nse", "request - RESELECT_REQUESTED");
    assertThat(remote.lastMechanismWasClear).isTrue();
    assertThat(rig.runner().connections())
        .extracting(Connection::endpointName)
        .containsExactly("nse");
    rig.close(made);
  }

  @Test
  void down_oneOrTwoProbesLost_asksTheSame() throws EndpointException {
    AtomicInteger lost = new AtomicInteger(2);
    Connection made = start(false, connection -> lost.getAndDecrement() <= 0);
    streams.tell(ConnectionState.DOWN);
    settle();
    assertThat(remote.log).containsExactly("request nse UP");
    rig.close(made);
  }

  @Test
  void down_noPacketsButEndpointKept_asksTheSame() throws EndpointException {
    Connection made = start(true);
    packetsPass.set(false);
    streams.tell(ConnectionState.DOWN);
    settle();
    assertThat(remote.log).containsExactly("request nse UP");
    rig.close(made);
  }

  @Test
  void unknownThere_orDeletedThere_heals() throws EndpointException {
    Connection made = start(false);
    streams.tell(new ConnectionEvent(ConnectionEvent.Type.DELETE, List.of(made)));
    settle();
    rig.advance(Duration.ofMinutes(1));
    streams.tell(new ConnectionEvent(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, List.of()));
    settle();
    assertThat(remote.log).containsExactly("request nse UP", "request nse UP");
    rig.close(made);
  }

  @Test
  void refreshRequested_asksTheSameWithoutProbe() throws EndpointException {
    Connection made = start(false);
    packetsPass.set(false);
    streams.tell(ConnectionState.REFRESH_REQUESTED);
    settle();
    assertThat(remote.log).containsExactly("request nse UP");
    rig.close(made);
  }

  @Test
  void cancelledStream_isNotHealed() throws EndpointException {
    Connection made = start(false);
    streams.breakAll(Reason.CANCELLED);
    settle();
    assertThat(remote.log).isEmpty();
    rig.close(made);
  }

  @Test
  void failing_neverGivesUpAndPausesGrow() throws EndpointException {
    Connection made = start(true);
    remote.failing = Integer.MAX_VALUE;
    streams.breakAll(Reason.UNAVAILABLE);
    rig.advance(Duration.ZERO);
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      pauses.add(rig.timer.untilNext());
      rig.advance(rig.timer.untilNext());
    }
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(pauses.subList(20, 500))
        .allMatch(pause -> pause.compareTo(Duration.ofSeconds(5)) >= 0)
        .allMatch(pause -> pause.compareTo(Duration.ofSeconds(10)) <= 0);
    assertThat(pauses.subList(20, 500)).doesNotHaveDuplicates(); // jitter
    remote.failing = 0;
    settle();
    assertThat(streams.open).hasSize(1);
    rig.close(made);
  }

  @Test
  void whoMayLeave_isNeverMoreThanThreeSecondsLateToHearThatItsEndpointIsGone()
      throws EndpointException {
    Connection made = start(false);
    remote.failing = Integer.MAX_VALUE;
    streams.breakAll(Reason.UNAVAILABLE);
    rig.advance(Duration.ZERO);
    for (int i = 0; i < 50; i++) {
      assertThat(rig.timer.untilNext()).isLessThanOrEqualTo(Duration.ofSeconds(3));
      rig.advance(rig.timer.untilNext());
    }
    rig.close(made);
  }

  @Test
  void reselectFailing_isRepeatedUntilAnotherEndpointAnswers() throws EndpointException {
    Connection made = start(false);
    packetsPass.set(false);
    remote.failing = 3;
    remote.failure = Reason.NOT_FOUND; // no endpoint now: not to be taken for a closed connection
    streams.tell(ConnectionState.DOWN);
    settle();
    assertThat(remote.log)
        .containsExactly(
            "close nse",
            "request - RESELECT_REQUESTED",
            "request - RESELECT_REQUESTED",
            "request - RESELECT_REQUESTED",
            "request - RESELECT_REQUESTED");
    assertThat(rig.runner().handle(made.requireId()).established()).isPresent();
    rig.close(made);
  }

  @Test
  void closedWhileReselecting_endsTheHealing() throws EndpointException {
    Connection made = start(false);
    packetsPass.set(false);
    remote.failing = Integer.MAX_VALUE;
    streams.tell(ConnectionState.DOWN);
    rig.advance(Duration.ZERO);
    assertThat(rig.timer.pending()).isEqualTo(1);
    rig.close(made);
  }

  @Test
  void streamThatBreaksAtOnceAgainAndAgain_makesNoHotLoop() throws EndpointException {
    Connection made = start(true);
    streams.breakOnOpen = true;
    streams.breakAll(Reason.UNAVAILABLE);
    for (int second = 0; second < 600; second++) {
      rig.advance(Duration.ofSeconds(1));
    }
    assertThat(remote.log.size()).isBetween(50, 150);
    streams.breakOnOpen = false;
    settle();
    rig.close(made);
  }

  @Test
  void probeThatThrows_countsAsDead() throws EndpointException {
    Connection made =
        start(
            false,
            connection -> {
              throw new IllegalStateException("probe");
            });
    streams.tell(ConnectionState.DOWN);
    settle();
    assertThat(remote.log).contains("close nse");
    rig.close(made);
  }

  private Connection start(boolean keepEndpoint) throws EndpointException {
    return start(keepEndpoint, connection -> packetsPass.get());
  }

  private Connection start(boolean keepEndpoint, LivenessProbe probe) throws EndpointException {
    rig.run(
        Paths.named("client", rig.timer, Duration.ofMinutes(10)),
        new HealConnection(
            streams, rig.timer, probe, rig.executor, BACK_OFF, new Random(7), keepEndpoint),
        remote);
    Connection made = rig.request(Connection.to("service"));
    rig.executor.runAll();
    remote.log.clear();
    return made;
  }

  /** Runs until nothing is due any more, within bounds. */
  private void settle() {
    for (int i = 0; i < 100 && (rig.timer.pending() > 0 || rig.executor.size() > 0); i++) {
      rig.executor.runAll();
      if (rig.timer.pending() > 0) {
        rig.advance(rig.timer.untilNext());
      }
    }
  }

  /** The component that the chain calls. */
  private static final class Remote implements Endpoint {
    private final List<String> log = new ArrayList<>();
    private int failing;
    private Reason failure = Reason.UNAVAILABLE;
    private boolean lastMechanismWasClear;

    /** Nobody knows the endpoint of this name any more. */
    private boolean gone;

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      Connection asked = request.connection();
      log.add("request %s %s".formatted(nameOf(asked), asked.state()));
      lastMechanismWasClear = asked.mechanism().isEmpty();
      if (failing > 0) {
        failing--;
        throw new EndpointException(failure, "remote: away");
      }
      if (gone && asked.endpointName().equals("nse")) {
        throw new EndpointException(Reason.NOT_FOUND, "remote: nse is not registered");
      }
      return asked.withEndpointName(gone ? "other" : "nse").withState(ConnectionState.UP);
    }

    @Override
    public void close(Connection connection, Session session, Next next) {
      log.add("close " + nameOf(connection));
    }

    private static String nameOf(Connection connection) {
      return connection.endpointName().isEmpty() ? "-" : connection.endpointName();
    }
  }

  /** Monitor streams that the test drives. */
  private static final class Streams implements ConnectionMonitor {
    private final List<Stream> open = new ArrayList<>();
    private int opened;
    private boolean breakOnOpen;

    @Override
    public Subscription monitor(MonitorSelector selector, Listener listener) {
      Stream stream = new Stream(selector, listener);
      opened++;
      if (breakOnOpen) {
        listener.onEnd(new EndpointException(Reason.UNAVAILABLE, "stream: refused"));
        return () -> {};
      }
      open.add(stream);
      return () -> open.remove(stream);
    }

    void breakAll(Reason reason) {
      List<Stream> broken = List.copyOf(open);
      open.clear();
      broken.forEach(
          stream -> stream.listener.onEnd(new EndpointException(reason, "stream: broken")));
    }

    void tell(ConnectionState state) {
      Connection told = Connection.to("service").withState(state);
      tell(new ConnectionEvent(ConnectionEvent.Type.UPDATE, List.of(told)));
    }

    void tell(ConnectionEvent event) {
      List.copyOf(open).forEach(stream -> stream.listener.onEvent(event));
    }
  }

  private record Stream(MonitorSelector selector, ConnectionMonitor.Listener listener) {}
}
