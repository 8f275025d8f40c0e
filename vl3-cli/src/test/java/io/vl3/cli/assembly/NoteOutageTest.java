package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.HealthBoard;
import io.vl3.net.InterfaceAddress;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteOutageTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final FakeTimer timer = new FakeTimer();
  private final Server server = new Server();
  private final List<String> lines = new ArrayList<>();
  private boolean answering = true;
  private final HealthBoard board = new HealthBoard(timer);
  private final NoteOutage outages =
      new NoteOutage(connection -> answering, lines::add, timer, board.reporter().of("web"));
  private final EndpointRunner runner =
      new EndpointRunner(EndpointChain.of("client", outages, server), Runnable::run, timer, LIMIT);

  @Test
  void beforeTheFirstAnswer_nothingIsLost() {
    server.failure = "away";
    assertThatThrownBy(this::request).isInstanceOf(EndpointException.class);
    assertThat(lines).isEmpty();
  }

  @Test
  void packetsStop_isSaidOnce_afterThreeProbes_andTheEndWithItsDuration() throws Exception {
    Connection made = request();
    answering = false;
    probe(made, 2);
    assertThat(lines).isEmpty();
    probe(made, 10);
    timer.advance(Duration.ofSeconds(7));
    answering = true;
    probe(made, 2);
    assertThat(lines)
        .containsExactly(
            "has no network: n1 does not answer at 10.60.1.2", "all is well again after 7.0 s");
  }

  @Test
  void endpointThatCannotBeAsked_isSaidOnce_andEndsWithAnAnswer_notWithAProbe() throws Exception {
    Connection made = request();
    server.failure = "refused";
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(this::request).isInstanceOf(EndpointException.class);
      probe(made, 1);
    }
    timer.advance(Duration.ofSeconds(3));
    server.failure = "";
    request();
    assertThat(lines)
        .containsExactly(
            "n1 cannot be asked: UNAVAILABLE refused", "all is well again after 3.0 s");
  }

  private void probe(Connection made, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(outages.alive(made)).isEqualTo(answering);
    }
  }

  private Connection request() throws EndpointException {
    Connection asked =
        Connection.to("service").withId(new ConnectionId("a")).withEndpointName("n1");
    return runner.request(ConnectionRequest.of(asked), Caller.SELF, Deadline.after(LIMIT, timer));
  }

  /** Answers unless a failure is set. */
  private static final class Server implements Endpoint {
    private String failure = "";

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      if (!failure.isEmpty()) {
        throw new EndpointException(Reason.UNAVAILABLE, failure);
      }
      Connection asked = request.connection();
      return asked.withIp(
          asked
              .ip()
              .withAddresses(
                  List.of(InterfaceAddress.parse("10.60.1.1/30")),
                  List.of(InterfaceAddress.parse("10.60.1.2/30"))));
    }
  }
}
