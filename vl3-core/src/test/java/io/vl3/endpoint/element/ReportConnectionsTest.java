package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.HealthBoard;
import io.vl3.net.InterfaceAddress;
import io.vl3.time.FakeTimer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportConnectionsTest {

  private final HealthBoard board = new HealthBoard(new FakeTimer());
  private final Giving giving = new Giving();
  private final ChainRig rig =
      new ChainRig().run(new ReportConnections(board.reporter().of("nse")), giving);

  @Test
  void whoIsServed_movedAndGone_isReportedOnceEach() throws EndpointException {
    Connection first = rig.request(asking("web"));
    Connection again = rig.request(first);
    giving.address = "10.0.0.5/30";
    Connection moved = rig.request(again);
    rig.close(moved);
    assertThat(events())
        .containsExactly(
            "connected web: 10.0.0.1/30",
            "moved web: 10.0.0.5/30, was 10.0.0.1/30",
            "closed web: 10.0.0.5/30");
  }

  @Test
  void whoIsRefusedAgainAndAgain_isReportedOncePerCause_andAnewAfterASuccess()
      throws EndpointException {
    refuse("full");
    refuse("full");
    refuse("denied");
    giving.refusal = "";
    rig.close(rig.request(asking("web")));
    refuse("denied");
    assertThat(events())
        .containsExactly(
            "refused web: EXHAUSTED full",
            "refused web: EXHAUSTED denied",
            "connected web: 10.0.0.1/30",
            "closed web: 10.0.0.1/30",
            "refused web: EXHAUSTED denied");
  }

  @Test
  void aRefreshThatFails_isNoRefusal() throws EndpointException {
    Connection first = rig.request(asking("web"));
    giving.refusal = "away";
    assertThat(catchThrowable(() -> rig.request(first))).isNotNull();
    assertThat(events()).containsExactly("connected web: 10.0.0.1/30");
  }

  private void refuse(String why) {
    giving.refusal = why;
    assertThat(catchThrowable(() -> rig.request(asking("web")))).hasMessageContaining(why);
  }

  private static Connection asking(String client) {
    return Connection.to("vl3")
        .withId(new ConnectionId("c"))
        .withPath(new Path(0, List.of(PathSegment.of(client, "c"))));
  }

  private List<String> events() {
    return board.events(0).stream()
        .map(event -> "%s %s: %s".formatted(event.kind().text(), event.subject(), event.text()))
        .toList();
  }

  private static final class Giving implements Endpoint {

    String address = "10.0.0.1/30";
    String refusal = "";

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      if (!refusal.isEmpty()) {
        throw new EndpointException(Reason.EXHAUSTED, refusal);
      }
      Connection asked = request.connection();
      return asked.withIp(
          asked.ip().withAddresses(List.of(InterfaceAddress.parse(address)), List.of()));
    }
  }
}
