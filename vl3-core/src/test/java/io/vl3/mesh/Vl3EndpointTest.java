package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Route;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerLabels;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Vl3EndpointTest {

  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeTimer timer = new FakeTimer();
  private final PrefixTable table = new PrefixTable();
  private final EndpointRecord self = record("me", EARLY.plusSeconds(5));
  private final KnownPeers known =
      KnownPeers.of(List.of(record("early", EARLY), record("late", EARLY.plusSeconds(9))), true);
  private final Vl3Network network =
      new Vl3Network(
          () -> self,
          new ChangingPrefixes("10.60.1.0/24"),
          List.of(IpPrefix.parse("10.60.0.0/16")),
          List.of(IpPrefix.parse("192.168.0.0/24")),
          PrefixSet.EMPTY,
          new ClaimLimit(24, 64));
  private boolean failing;
  private final EndpointRunner runner =
      new EndpointRunner(
          EndpointChain.of(
              "server",
              new DiscoverPeers(() -> known),
              new Vl3Endpoint(network, table),
              this::maybeFail),
          new ManualExecutor(),
          timer,
          Duration.ofSeconds(15));

  @RegisterExtension final LeakCheck leaks = new LeakCheck().empty("prefix table", table::size);

  @Test
  void aWorkload_getsPoolsAndRoutesBehindWhatItHas_andTenRefreshesChangeNothing() throws Exception {
    Connection asked =
        connection("w").withIp(connection("w").ip().withRoutes(routes("10.60.1.0/24"), List.of()));
    Connection answer = request(asked);
    assertThat(answer.ip().clientRoutes())
        .hasToString("[10.60.1.0/24, 10.60.0.0/16, 192.168.0.0/24]");
    for (int i = 0; i < 10; i++) {
      assertThat(request(answer)).isEqualTo(answer);
    }
  }

  @Test
  void aPeer_isShownOurSide_andItsPrefixIsNoted() throws Exception {
    Connection answer = request(peer("late", "10.60.2.0/32", "10.60.2.0/32", "10.60.2.0/24"));
    assertThat(answer.ip().clientAddresses()).hasToString("[10.60.2.0/32]");
    assertThat(answer.ip().endpointAddresses()).hasToString("[10.60.1.0/32]");
    assertThat(answer.ip().clientRoutes())
        .hasToString("[10.60.1.0/32 via 10.60.1.0, 10.60.1.0/24 via 10.60.1.0]");
    assertThat(answer.ip().endpointRoutes())
        .hasToString("[10.60.2.0/32, 10.60.2.0/24 via 10.60.2.0]");
    assertThat(table.announced()).containsOnlyKeys("late");
    assertThat(request(answer)).isEqualTo(answer);
    close("late");
  }

  @Test
  void aWorkload_isToldOfPeersThatWeAreLinkedWith_andKeepsThemWhileThereAreNone() throws Exception {
    assertThat(request(connection("w")).context().beyond()).isEmpty();
    request(peer("late", "10.60.2.0/32", "10.60.2.0/24"));
    request(peer("early", "10.60.3.0/32", "10.60.3.0/24"));
    Connection answer = request(connection("w"));
    assertThat(answer.context().beyond())
        .containsExactlyInAnyOrder(IpAddress.parse("10.60.2.0"), IpAddress.parse("10.60.3.0"));
    close("late");
    assertThat(request(answer).context().beyond()).containsExactly(IpAddress.parse("10.60.3.0"));
    close("early");
    assertThat(request(answer).context().beyond()).isEqualTo(answer.context().beyond());
  }

  @Test
  void anAggregateThatContainsOurs_isNotInstalled() throws Exception {
    Connection answer =
        request(peer("late", "10.60.2.0/32", "10.60.2.0/24", "10.60.0.0/16", "0.0.0.0/0"));
    assertThat(answer.ip().endpointRoutes()).hasToString("[10.60.2.0/24 via 10.60.2.0]");
    close("late");
  }

  @Test
  void aWorkloadsRoutes_nameTheRouter_alsoWhereItsAddressHasANetwork() throws Exception {
    Connection pair =
        connection("w")
            .withIp(
                connection("w")
                    .ip()
                    .withAddresses(
                        List.of(InterfaceAddress.parse("10.60.1.1/30")),
                        List.of(InterfaceAddress.parse("10.60.1.2/30"))));
    assertThat(request(pair).ip().clientRoutes())
        .hasToString("[10.60.0.0/16 via 10.60.1.2, 192.168.0.0/24 via 10.60.1.2]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.60.128.0/17",
        "10.60.2.0/23",
        "10.60.2.0/24 10.60.3.0/24",
        "10.60.2.0/24 10.60.3.0/32"
      })
  void moreOfThePoolThanOnePrefix_isRefusedToAPeer(String claimed) {
    EndpointException refused = refused(peer("late", "10.60.128.0/32", claimed.split(" ", -1)));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused)
        .hasMessageStartingWith("endpointRoutes: [10.60.")
        .hasMessageEndingWith(
            "of peer late (expected: no more of 10.60.0.0/16 than a /24, the network's prefix length)");
  }

  @Test
  void asMuchAsOnePrefix_inPieces_isBelieved() throws Exception {
    Connection answer =
        request(peer("late", "10.60.2.0/32", "10.60.2.0/25", "10.60.2.128/26", "10.60.7.0/26"));
    assertThat(answer.ip().endpointRoutes()).hasSize(3);
    close("late");
  }

  @Test
  void whatPeersAreShown_isTheFirstAddressThatIsNotExcluded() {
    Vl3Network without =
        new Vl3Network(
            () -> self,
            new ChangingPrefixes("10.60.1.0/24"),
            List.of(IpPrefix.parse("10.60.0.0/16")),
            List.of(),
            PrefixSet.of(IpPrefix.parse("10.60.1.0/29")),
            ClaimLimit.NONE);
    OwnSide shown = OwnSide.known(without).orElseThrow();
    assertThat(shown.addresses()).hasToString("[10.60.1.8/32]");
    assertThat(shown.routes())
        .hasToString("[10.60.1.8/32 via 10.60.1.8, 10.60.1.0/24 via 10.60.1.8]");
  }

  @Test
  void aPeerMayHaveWhatWeHave_thoughTheNetworksPrefixesAreSaidToBeSmaller() {
    List<IpPrefix> ours = List.of(IpPrefix.parse("10.60.0.0/22"));
    assertThat(new ClaimLimit(24, 64).length(IpFamily.IPV4, ours)).isEqualTo(22);
    assertThat(new ClaimLimit(20, 64).length(IpFamily.IPV4, ours)).isEqualTo(20);
    assertThat(new ClaimLimit(20, 64).length(IpFamily.IPV6, ours)).isEqualTo(64);
  }

  @Test
  void anUnregisteredPeer_isToldToComeAgain() {
    EndpointException refused = refused(peer("stranger", "10.60.2.0/32", "10.60.2.0/24"));
    assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refused)
        .hasMessage(
            "labels[vl3Nse/nseSource/endpointName]: stranger"
                + " (expected: a peer registered for vl3) [2 peers known; an endpoint of"
                + " another domain is a peer only if its domain is among the remote domains here,"
                + " too]");
  }

  @Test
  void aPrefixOutsideOfThePool_isRefused() {
    EndpointException refused = refused(peer("late", "10.61.2.0/32", "10.61.2.0/24"));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused)
        .hasMessage("endpointRoutes: 10.61.2.0/24 of peer late (expected: inside [10.60.0.0/16])");
  }

  @Test
  void nothingAnnounced_isRefused() {
    assertThat(refused(peer("late", "10.60.2.0/32")).reason()).isEqualTo(Reason.INVALID);
    assertThat(refused(peer("late", "10.60.2.0/32", "10.60.0.0/16")).reason())
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void anAddressOutsideOfWhatItAnnounced_isRefused() {
    EndpointException refused = refused(peer("late", "10.60.9.0/32", "10.60.2.0/24"));
    assertThat(refused)
        .hasMessage("clientAddresses: 10.60.9.0/32 of peer late (expected: inside [10.60.2.0/24])");
  }

  @Test
  void ourOwnPrefix_isNobodyElses_andALaterPeerDisputesNothing() throws Exception {
    for (String claimed : List.of("10.60.1.0/24", "10.60.1.128/25", "10.60.0.0/23")) {
      EndpointException refused = refused(peer("late", "10.60.1.128/32", claimed));
      assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(refused)
          .hasMessage(
              "endpointRoutes: %s of peer late (expected: apart from 10.60.1.0/24 of me)"
                  .formatted(claimed));
    }
    assertThat(table.dispute()).isEmpty();
    request(connection("w"));
  }

  @Test
  void anEarlierPeerWithOurPrefix_stopsNewWorkloadsButNotThoseWeServe() throws Exception {
    Connection served = request(connection("w"));
    refused(peer("early", "10.60.1.0/32", "10.60.1.0/24"));
    EndpointException refused = refused(connection("new"));
    assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused)
        .hasMessage(
            "own prefix: 10.60.1.0/24 of me"
                + " (expected: apart from 10.60.1.0/24 of peer early, registered earlier)");
    assertThat(request(served)).isEqualTo(served);
    request(peer("early", "10.60.3.0/32", "10.60.3.0/24"));
    request(connection("new"));
    close("early");
  }

  @Test
  void anotherPeersPrefix_isRefused_untilItIsFree() throws Exception {
    request(peer("early", "10.60.2.0/32", "10.60.2.0/24"));
    EndpointException refused = refused(peer("late", "10.60.2.0/32", "10.60.2.0/25"));
    assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused)
        .hasMessage(
            "announced prefix: [10.60.2.0/25] of peer late"
                + " (expected: apart from [10.60.2.0/24] of peer early)");
    close("early");
    request(peer("late", "10.60.2.0/32", "10.60.2.0/25"));
    close("late");
  }

  @Test
  void aFailureBehind_leavesNothing_andARefreshThatFailsLeavesWhatWas() throws Exception {
    failing = true;
    refused(peer("late", "10.60.2.0/32", "10.60.2.0/24"));
    assertThat(table.size()).isZero();
    failing = false;
    request(peer("late", "10.60.2.0/32", "10.60.2.0/24"));
    failing = true;
    refused(peer("late", "10.60.3.0/32", "10.60.3.0/24"));
    assertThat(table.announced()).hasToString("{late=[10.60.2.0/24]}");
    close("late");
  }

  private Connection maybeFail(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    if (failing) {
      throw new EndpointException(Reason.INTERNAL, "behind: fails");
    }
    return next.request(request);
  }

  private Connection request(Connection connection) throws EndpointException {
    return runner.request(
        ConnectionRequest.of(connection),
        Caller.ANONYMOUS,
        Deadline.after(Duration.ofSeconds(1), timer));
  }

  private EndpointException refused(Connection connection) {
    return Optional.ofNullable(
            catchThrowableOfType(EndpointException.class, () -> request(connection)))
        .orElseThrow(() -> new AssertionError("not refused: " + connection));
  }

  private void close(String id) throws EndpointException {
    runner.close(connection(id), Caller.ANONYMOUS, Deadline.after(Duration.ofSeconds(1), timer));
  }

  private static Connection connection(String id) {
    return Connection.to("vl3").withId(new ConnectionId(id));
  }

  private static Connection peer(String name, String address, String... announced) {
    Connection connection = connection(name).withLabels(Map.of(PeerLabels.NAME, name));
    return connection.withIp(
        connection
            .ip()
            .withAddresses(List.of(InterfaceAddress.parse(address)), List.of())
            .withRoutes(List.of(), routes(announced)));
  }

  private static List<Route> routes(String... destinations) {
    return Arrays.stream(destinations).map(IpPrefix::parse).map(Route::to).toList();
  }

  private static EndpointRecord record(String name, Instant registered) {
    return EndpointRecord.of(name, "vl3", Map.of(), "tcp://" + name)
        .withTimes(Optional.empty(), Optional.of(registered));
  }
}
