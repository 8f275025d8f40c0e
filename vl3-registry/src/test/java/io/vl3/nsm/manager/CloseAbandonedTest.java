package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.TestNse;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection that its endpoint closed, and a caller who comes back or does not. */
class CloseAbandonedTest {

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final ConnectionId OWN = new ConnectionId("own");

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final FakeTimer timer = new FakeTimer();
  private final CloseAbandoned abandoned = new CloseAbandoned(timer, GRACE);
  private Session.Action behind = () -> {};
  private final EndpointRunner runner =
      new EndpointRunner(
          EndpointChain.of(
              "manager",
              new UpdatePath(
                  "manager", new LocalTokens("manager", timer, GRACE.multipliedBy(9)), () -> OWN),
              abandoned,
              (request, session, next) -> {
                behind.run();
                return next.request(request);
              }),
          Runnable::run,
          timer,
          GRACE);

  @Test
  void nobodyAsksAgain_isClosedAfterTheGrace() throws Exception {
    var unused = request();
    abandoned.closedThere(OWN);
    timer.advance(GRACE.minusMillis(1));
    assertThat(runner.connections()).hasSize(1);
    timer.advance(Duration.ofMillis(1));
    assertThat(runner.connections()).isEmpty();
    assertThat(abandoned.size()).isZero();
  }

  @Test
  void whoAsksAgain_keepsIt_alsoInVain() throws Exception {
    var unused = request();
    abandoned.closedThere(OWN);
    timer.advance(GRACE.dividedBy(2));
    unused = request();
    timer.advance(GRACE);
    assertThat(runner.connections()).hasSize(1);
    abandoned.closedThere(OWN);
    behind =
        () -> {
          throw new EndpointException(Reason.UNAVAILABLE, "endpoint: away");
        };
    assertThatThrownBy(this::request).hasMessage("endpoint: away");
    timer.advance(GRACE);
    assertThat(runner.connections()).hasSize(1);
  }

  @Test
  void whatIsClosed_orUnknown_waitsForNothing() throws Exception {
    Connection connection = request();
    abandoned.closedThere(OWN);
    runner.close(connection, Caller.SELF, deadline());
    abandoned.closedThere(OWN);
    assertThat(timer.pending()).isZero();
    assertThat(abandoned.size()).isZero();
  }

  /** Through a manager: nothing stays of the link of a client that has died. */
  @Test
  void aDeadClientsLink_goesWithItsEndpointsConnection() throws Exception {
    MemoryDataPlane dataPlane = new MemoryDataPlane();
    try (EmbeddedManager manager =
            EmbeddedManager.builder(nsm.runtime(), dataPlane)
                .abandonedGrace(Duration.ofMillis(200))
                .listenOn(nsm.urlFor("manager"))
                .start();
        ManagerAccess access =
            ManagerAccess.open(
                nsm.runtime(),
                nsm.urlFor("manager").toString(),
                nsm.runtime().tokens("test", Duration.ofMinutes(1)));
        TestNse nse =
            new TestNse(nsm.runtime(), "nse", "svc", access.registry(), nsm.urlFor("nse"), 1)) {
      nse.registered();
      ask(access);
      assertThat(dataPlane.links()).hasSize(1);
      Eventually.until("watched by the manager", () -> nse.board.watchers() == 1);
      var unused = nse.server.runner().closeAll("the test says so");
      Eventually.until(
          "nothing is left: " + manager.gauges(),
          () -> manager.connections().isEmpty() && dataPlane.links().isEmpty());
    }
  }

  /** A client that asks once, and neither refreshes nor heals. */
  private void ask(ManagerAccess access) throws EndpointException {
    EndpointRunner client =
        new EndpointRunner(
            EndpointChain.of(
                "client",
                new UpdatePath(
                    "client",
                    nsm.runtime().tokens("client", Duration.ofMinutes(1)),
                    ConnectionId::random),
                access.networkService()),
            nsm.runtime().executor(),
            nsm.runtime().timer(),
            GRACE);
    var unused =
        client.request(
            EmbeddedManagerExtension.workload("svc", Map.of()),
            Caller.SELF,
            Deadline.after(GRACE, nsm.runtime().timer()));
  }

  private Connection request() throws EndpointException {
    return runner.request(
        ConnectionRequest.of(
            Connection.to("svc")
                .withId(new ConnectionId("one"))
                .withPath(new Path(0, List.of(PathSegment.of("client", "one"))))),
        Caller.SELF,
        deadline());
  }

  private Deadline deadline() {
    return Deadline.after(GRACE, timer);
  }
}
