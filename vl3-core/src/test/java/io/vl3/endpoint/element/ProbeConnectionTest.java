package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProbeConnectionTest {

  private static final Duration EVERY = Duration.ofMillis(1_200);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(300);

  private final ChainRig rig = new ChainRig();
  private final Remote remote = new Remote();
  private boolean packetsPass = true;
  private int probes;

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("timers", rig.timer::pending)
          .empty("tasks", rig.executor::size)
          .empty("sessions", () -> rig.runner().size());

  @Test
  void answered_probesAtItsPaceAndAsksNothing() throws EndpointException {
    Connection made = start();
    for (int i = 0; i < 10; i++) {
      rig.advance(EVERY);
    }
    assertThat(probes).isEqualTo(10);
    assertThat(remote.log).isEmpty();
    rig.close(made);
  }

  @Test
  void twoFailuresThenAnAnswer_asksNothing() throws EndpointException {
    Connection made = start();
    for (int i = 0; i < 5; i++) {
      packetsPass = false;
      rig.advance(EVERY);
      rig.advance(AFTER_FAILURE);
      packetsPass = true;
      rig.advance(AFTER_FAILURE);
    }
    assertThat(probes).isEqualTo(15);
    assertThat(remote.log).isEmpty();
    rig.close(made);
  }

  @Test
  void dead_asksTheSameFirst_andThatHelps() throws EndpointException {
    Connection made = start();
    packetsPass = false;
    remote.mendsOn = "request nse UP";
    die();
    rig.advance(Duration.ofMinutes(1));
    assertThat(remote.log).containsExactly("request nse UP");
    rig.close(made);
  }

  @Test
  void dead_theSameDoesNotHelp_asksForAnother() throws EndpointException {
    Connection made = start();
    packetsPass = false;
    remote.mendsOn = "request - RESELECT_REQUESTED";
    die();
    die();
    assertThat(remote.log)
        .containsExactly("request nse UP", "close nse", "request - RESELECT_REQUESTED");
    rig.advance(EVERY);
    remote.log.clear();
    packetsPass = false;
    remote.mendsOn = "";
    die();
    assertThat(remote.log).as("the next death begins with the same again").hasSize(1);
    rig.close(made);
  }

  @Test
  void nobodyAnswers_goesOnAskingForAnotherUntilOneDoes() throws EndpointException {
    Connection made = start();
    packetsPass = false;
    die();
    remote.failing = 3;
    remote.mendsOn = "request - RESELECT_REQUESTED";
    for (int i = 0; i < 4; i++) {
      die();
    }
    assertThat(remote.log)
        .containsExactly(
            "request nse UP",
            "close nse",
            "request - RESELECT_REQUESTED",
            "request - RESELECT_REQUESTED",
            "request - RESELECT_REQUESTED",
            "request - RESELECT_REQUESTED");
    assertThat(rig.runner().connections()).hasSize(1);
    rig.close(made);
  }

  @Test
  void closedWhileUnanswered_probesNoMore() throws EndpointException {
    Connection made = start();
    packetsPass = false;
    rig.timer.advance(EVERY);
    rig.executor.runAll();
    rig.close(made);
    rig.advance(Duration.ofMinutes(1));
    assertThat(remote.log).containsExactly("close nse");
  }

  @Test
  void probeThrows_countsAsUnanswered() throws EndpointException {
    Connection made =
        start(
            connection -> {
              throw new IllegalStateException("no such interface");
            });
    die();
    assertThat(remote.log).containsExactly("request nse UP");
    rig.close(made);
  }

  @Test
  void settings_zeroFailures_isRefused() throws EndpointException {
    rig.close(start());
    assertThatThrownBy(() -> new ProbeConnection.Settings(EVERY, AFTER_FAILURE, 0))
        .hasMessage("failures: 0 (expected: at least 1)");
  }

  /** As long as three unanswered probes take. */
  private void die() {
    rig.advance(EVERY);
    rig.advance(AFTER_FAILURE);
    rig.advance(AFTER_FAILURE);
  }

  private Connection start() throws EndpointException {
    return start(
        connection -> {
          probes++;
          return packetsPass;
        });
  }

  private Connection start(LivenessProbe probe) throws EndpointException {
    rig.run(
        Paths.named("client", rig.timer, Duration.ofMinutes(10)),
        new ProbeConnection(
            probe, new ProbeConnection.Settings(EVERY, AFTER_FAILURE, 3), rig.timer, rig.executor),
        remote);
    Connection made = rig.request(Connection.to("service"));
    remote.log.clear();
    return made;
  }

  /** The component that the chain calls; a certain request lets packets pass again. */
  private final class Remote implements Endpoint {
    private final List<String> log = new ArrayList<>();
    private int failing;
    private String mendsOn = "";

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      Connection asked = request.connection();
      String line = "request %s %s".formatted(nameOf(asked), asked.state());
      log.add(line);
      if (failing > 0 && asked.endpointName().isEmpty()) {
        failing--;
        throw new EndpointException(Reason.UNAVAILABLE, "remote: nobody there");
      }
      packetsPass |= line.equals(mendsOn);
      return asked.withEndpointName("nse");
    }

    @Override
    public void close(Connection connection, Session session, Next next) {
      log.add("close " + nameOf(connection));
    }

    private static String nameOf(Connection connection) {
      return connection.endpointName().isEmpty() ? "-" : connection.endpointName();
    }
  }
}
