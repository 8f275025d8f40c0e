package io.vl3.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A peer is judged by its tokens when it asks; what we repeat ourselves has none. */
class PeerOnOwnEventTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final ConnectionId ID = new ConnectionId("2");

  /** A token's text says who. */
  private static final PeerIdentity BY_TOKEN =
      segment ->
          segment.flatMap(PathSegment::token).map(Token::value).filter(text -> !text.isEmpty());

  private final FakeTimer timer = new FakeTimer();
  private final AtomicReference<KnownPeers> known =
      new AtomicReference<>(KnownPeers.of(List.of(heldBy("b", "m")), true));

  @Test
  void aPeerThatIsStillRegistered_staysOne() throws Exception {
    assertThat(repeat(BY_TOKEN)).isCompleted();
    assertThat(repeat(PeerIdentity.BY_NAME)).isCompleted();
  }

  @Test
  void aRegistrationThatOthersHoldByNow_isRefused() throws Exception {
    EndpointRunner runner = established(BY_TOKEN);
    for (EndpointRecord other : List.of(heldBy("c", "m"), heldBy("b", "m2"))) {
      known.set(KnownPeers.of(List.of(other), true));
      assertThat(repeat(runner))
          .failsWithin(LONG)
          .withThrowableThat()
          .withCauseInstanceOf(EndpointException.class)
          .withMessageContaining("expected: who holds the registration, " + other.owners());
    }
  }

  @Test
  void whereTokensProveNothing_everyNameIsBelieved() throws Exception {
    EndpointRunner runner = established(PeerIdentity.BY_NAME);
    known.set(KnownPeers.of(List.of(heldBy("c", "m")), true));
    assertThat(repeat(runner)).isCompleted();
  }

  private CompletableFuture<Connection> repeat(PeerIdentity identity) throws Exception {
    return repeat(established(identity));
  }

  private static CompletableFuture<Connection> repeat(EndpointRunner runner) {
    return runner.handle(ID).request(same -> same).toCompletableFuture();
  }

  private EndpointRunner established(PeerIdentity identity) throws EndpointException {
    EndpointRunner runner =
        new EndpointRunner(
            EndpointChain.of("server", new DiscoverPeers(known::get, identity)),
            Runnable::run,
            timer,
            LONG);
    Path path = new Path(2, List.of(segment("b", "1"), segment("m", "2"), segment("us", "3")));
    Connection asked =
        Connection.to("vl3").toBuilder()
            .id(ID)
            .labels(Map.of(PeerLabels.NAME, "nse-b"))
            .path(path)
            .build();
    runner.request(ConnectionRequest.of(asked), new Caller("m"), Deadline.after(LONG, timer));
    return runner;
  }

  private PathSegment segment(String who, String id) {
    return PathSegment.of(who, id).withToken(new Token(who, timer.instant().plus(LONG)));
  }

  private static EndpointRecord heldBy(String... owners) {
    return EndpointRecord.of("nse-b", "vl3", Map.of(), "unix:///b").withOwners(List.of(owners));
  }
}
