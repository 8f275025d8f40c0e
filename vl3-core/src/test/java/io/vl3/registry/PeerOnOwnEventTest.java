package io.vl3.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Route;
import io.vl3.connection.Token;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
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
    assertRefused(
        runner, heldBy("c", "m"), "peer nse-b: b (expected: who holds the registration, c)");
    assertRefused(runner, heldBy("b", "m2"), "through m (expected: through who registered it, m2)");
    known.set(KnownPeers.of(List.of(heldBy("b", "m")), true));
    assertThat(repeat(runner)).isCompleted();
  }

  /** NSM's own vL3 is known by what it announces: its registration may come after its request. */
  @Test
  void whoWasNoPeerWhenItAsked_isNoneByAnEventOfOurs() throws Exception {
    known.set(KnownPeers.of(List.of(), true));
    List<Boolean> peer = new ArrayList<>();
    Endpoint look =
        (request, session, next) -> {
          peer.add(session.get(DiscoverPeers.PEER).isPresent());
          return next.request(request);
        };
    EndpointRunner runner = runner(BY_TOKEN, look);
    request(runner, announcing());
    known.set(KnownPeers.of(List.of(EndpointRecord.of("b", "vl3", Map.of(), "unix:///b")), true));
    assertThat(repeat(runner)).isCompleted();
    request(runner, announcing());
    assertThat(peer).containsExactly(false, false, true);
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

  private void assertRefused(EndpointRunner runner, EndpointRecord registered, String why) {
    known.set(KnownPeers.of(List.of(registered), true));
    assertThat(repeat(runner))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(EndpointException.class)
        .withMessageContaining(why);
  }

  private EndpointRunner established(PeerIdentity identity) throws EndpointException {
    EndpointRunner runner = runner(identity, (request, session, next) -> next.request(request));
    request(runner, connection().withLabels(Map.of(PeerLabels.NAME, "nse-b")));
    return runner;
  }

  private EndpointRunner runner(PeerIdentity identity, Endpoint behind) {
    return new EndpointRunner(
        EndpointChain.of("server", new DiscoverPeers(known::get, identity), behind),
        Runnable::run,
        timer,
        LONG);
  }

  private void request(EndpointRunner runner, Connection asked) throws EndpointException {
    var unused =
        runner.request(ConnectionRequest.of(asked), new Caller("m"), Deadline.after(LONG, timer));
  }

  private Connection announcing() {
    IpContext own =
        IpContext.EMPTY
            .withAddresses(List.of(InterfaceAddress.parse("10.60.2.0/32")), List.of())
            .withRoutes(List.of(), List.of(Route.to(IpPrefix.parse("10.60.2.0/24"))));
    return connection().withIp(own);
  }

  private Connection connection() {
    return Connection.to("vl3")
        .withId(ID)
        .withPath(new Path(2, List.of(segment("b", "1"), segment("m", "2"), segment("us", "3"))));
  }

  private PathSegment segment(String who, String id) {
    return PathSegment.of(who, id).withToken(new Token(who, timer.instant().plus(LONG)));
  }

  private static EndpointRecord heldBy(String... owners) {
    return EndpointRecord.of("nse-b", "vl3", Map.of(), "unix:///b").withOwners(List.of(owners));
  }
}
