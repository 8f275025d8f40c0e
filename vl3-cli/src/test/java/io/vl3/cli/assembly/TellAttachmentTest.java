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
import io.vl3.net.InterfaceAddress;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TellAttachmentTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final FakeTimer timer = new FakeTimer();
  private final Server server = new Server();
  private final List<String> told = new ArrayList<>();
  private final EndpointRunner runner =
      new EndpointRunner(
          EndpointChain.of(
              "client",
              new TellAttachment(
                  c -> told.add(c.endpointName() + " " + c.ip().clientAddresses().get(0))),
              server),
          Runnable::run,
          timer,
          LIMIT);

  @Test
  void endpointAndAddresses_areToldOnce_andAgainWhenTheyChange() throws Exception {
    request();
    request();
    assertThat(told).containsExactly("n1 10.60.1.1/30");
    server.address = "10.60.1.5/30";
    request();
    server.endpoint = "n2";
    request();
    request();
    assertThat(told).containsExactly("n1 10.60.1.1/30", "n1 10.60.1.5/30", "n2 10.60.1.5/30");
  }

  @Test
  void whatFailed_isNotTold() throws Exception {
    server.endpoint = "";
    assertThatThrownBy(this::request).isInstanceOf(EndpointException.class);
    assertThat(told).isEmpty();
  }

  private void request() throws EndpointException {
    Connection asked = Connection.to("service").withId(new ConnectionId("a"));
    var unused =
        runner.request(ConnectionRequest.of(asked), Caller.SELF, Deadline.after(LIMIT, timer));
  }

  /** Answers with what is set; without an endpoint it fails. */
  private static final class Server implements Endpoint {
    private String endpoint = "n1";
    private String address = "10.60.1.1/30";

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      if (endpoint.isEmpty()) {
        throw new EndpointException(Reason.UNAVAILABLE, "away");
      }
      Connection asked = request.connection();
      return asked
          .withEndpointName(endpoint)
          .withIp(asked.ip().withAddresses(List.of(InterfaceAddress.parse(address)), List.of()));
    }
  }
}
