package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ExtraPrefixRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Route;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IpamEndpointTest {

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private final FakeTimer timer = new FakeTimer();
  private final ManualExecutor executor = new ManualExecutor();
  private final SettablePrefixes source = new SettablePrefixes();

  @Test
  void pointToPoint_originalsReadme_firstAndSecondWorkload() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.60.232.0/24");
    assertAddresses(fixture.open("a"), "10.60.232.1/30", "10.60.232.2/30");
    assertAddresses(fixture.open("b"), "10.60.232.5/30", "10.60.232.6/30");
    assertThat(fixture.open("c").ip().clientRoutes()).isEmpty();
  }

  @Test
  void pointToPoint31_leavesOutThePrefixsFirstAddress() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT_31, "10.60.232.0/24", "2001:db8::/112");
    Connection first = fixture.open("a");
    assertThat(texts(first.ip().clientAddresses()))
        .containsExactly("10.60.232.2/31", "2001:db8::2/127");
    assertThat(texts(first.ip().endpointAddresses()))
        .containsExactly("10.60.232.3/31", "2001:db8::3/127");
  }

  @Test
  void pointToPoint_ipv6_firstAndSecondHostOfA126() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "2001:db8::/64");
    assertAddresses(fixture.open("a"), "2001:db8::1/126", "2001:db8::2/126");
    assertAddresses(fixture.open("b"), "2001:db8::5/126", "2001:db8::6/126");
  }

  @Test
  void unnumbered_dualStack_asTheReference() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24", "2001:db8::/112");
    IpContext ip = fixture.open("a").ip();
    assertThat(texts(ip.clientAddresses())).containsExactly("10.0.0.1/32", "2001:db8::1/128");
    assertThat(texts(ip.endpointAddresses())).containsExactly("10.0.0.0/32", "2001:db8::/128");
    assertThat(texts(ip.clientRoutes()))
        .containsExactly(
            "10.0.0.0/32 via 10.0.0.0",
            "10.0.0.0/24 via 10.0.0.0",
            "2001:db8::/128 via 2001:db8::",
            "2001:db8::/112 via 2001:db8::");
    assertThat(texts(ip.endpointRoutes())).containsExactly("10.0.0.1/32", "2001:db8::1/128");
  }

  @Test
  void unnumbered_neverGivesFirstOrLastAddress() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/30");
    assertAddresses(fixture.open("a"), "10.0.0.1/32", "10.0.0.0/32");
    assertAddresses(fixture.open("b"), "10.0.0.2/32", "10.0.0.0/32");
    assertFails(() -> fixture.open("c"), Reason.EXHAUSTED, "/32", "10.0.0.0/30");
  }

  @Test
  void request_tenRefreshes_changeNothing() throws EndpointException {
    for (AddressingMode mode : AddressingMode.values()) {
      Fixture fixture = fixture(mode, "10.0.0.0/24", "2001:db8::/112");
      Connection answer = fixture.open("a");
      for (int i = 0; i < 10; i++) {
        assertThat(fixture.request(answer)).isEqualTo(answer);
      }
      assertThat(fixture.ipam.live()).isEqualTo(2);
      fixture.close(answer);
    }
  }

  @Test
  void close_givesBack_andTheNextClientGetsIt() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    fixture.close(fixture.open("a"));
    assertThat(fixture.ipam.live()).isZero();
    assertThat(fixture.ipam.holders()).isZero();
    assertAddresses(fixture.open("b"), "10.0.0.1/32", "10.0.0.0/32");
  }

  @Test
  void close_unknownConnection_isNoError() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    fixture.close(connection("never seen"));
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void exclusions_bindThisRequestOnly_andEveryAddressOfTheBlock() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    Connection picky = excluding(connection("a"), "10.0.0.3/32", "10.0.0.6/31");
    assertAddresses(fixture.request(picky), "10.0.0.9/30", "10.0.0.10/30");
    assertAddresses(fixture.open("b"), "10.0.0.1/30", "10.0.0.2/30");
  }

  @Test
  void exclusions_ofTheEndpoint_areNeverGiven() throws EndpointException {
    Fixture fixture =
        new Fixture(AddressingMode.POINT_TO_POINT, PrefixSet.of(IpPrefix.parse("10.0.0.0/29")));
    source.set("10.0.0.0/24");
    assertAddresses(fixture.open("a"), "10.0.0.9/30", "10.0.0.10/30");
  }

  @Test
  void unnumbered_exclusionsAtThePrefixsStart_moveTheEndpointsOwnAddressToo()
      throws EndpointException {
    Fixture fixture =
        new Fixture(AddressingMode.UNNUMBERED, PrefixSet.of(IpPrefix.parse("10.0.0.0/29")));
    source.set("10.0.0.0/24");
    Connection first = fixture.open("a");
    assertAddresses(first, "10.0.0.9/32", "10.0.0.8/32");
    assertThat(texts(first.ip().clientRoutes()))
        .containsExactly("10.0.0.8/32 via 10.0.0.8", "10.0.0.0/24 via 10.0.0.8");
    assertFails(
        () -> fixture.request(excluding(connection("b"), "10.0.0.8/32")),
        Reason.EXHAUSTED,
        "10.0.0.8/32");
  }

  @Test
  void aPair_isExactlyOneWorkload_whereTheAddressingCan() throws EndpointException {
    Fixture ipv4 = fixture(AddressingMode.POINT_TO_POINT_31, "10.0.0.6/31");
    assertAddresses(ipv4.open("a"), "10.0.0.7/31", "10.0.0.6/31");
    assertFails(() -> ipv4.open("b"), Reason.EXHAUSTED, "/31", "10.0.0.6/31");
    Fixture ipv6 = fixture(AddressingMode.POINT_TO_POINT_31, "2001:db8::4/127");
    assertAddresses(ipv6.open("a"), "2001:db8::5/127", "2001:db8::4/127");
    Fixture alone = fixture(AddressingMode.UNNUMBERED, "10.0.0.6/31");
    assertAddresses(alone.open("a"), "10.0.0.7/32", "10.0.0.6/32");
    assertFails(() -> alone.open("b"), Reason.EXHAUSTED, "/32", "10.0.0.6/31");
    Fixture wide = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.6/31");
    assertFails(() -> wide.open("a"), Reason.EXHAUSTED, "/30", "10.0.0.6/31");
  }

  @Test
  void aSingleAddress_isTheEndpointsOwn_andNobodyElses() {
    for (AddressingMode mode : AddressingMode.values()) {
      assertFails(() -> fixture(mode, "10.0.0.6/32").open("a"), Reason.EXHAUSTED, "10.0.0.6/32");
      assertFails(
          () -> fixture(mode, "2001:db8::/128").open("a"), Reason.EXHAUSTED, "2001:db8::/128");
    }
  }

  @Test
  void routes_nameTheRouter_forLinksThatAskForAddresses() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    Connection asked = asking(connection("a"), new ExtraPrefixRequest(IpFamily.IPV4, 28, 1, 1));
    Connection answer =
        fixture.request(
            asked.withIp(
                asked
                    .ip()
                    .withRoutes(List.of(Route.to(IpPrefix.parse("192.0.2.0/24"))), List.of())));
    assertThat(texts(answer.ip().clientRoutes())).containsExactly("192.0.2.0/24 via 10.0.0.2");
    Route inside = Route.to(IpPrefix.parse("10.0.0.16/29"));
    Route itself = Route.to(IpPrefix.parse("10.0.0.1/32"));
    Connection routed =
        fixture.request(
            answer.withIp(
                answer.ip().withRoutes(answer.ip().clientRoutes(), List.of(inside, itself))));
    assertThat(texts(routed.ip().endpointRoutes()))
        .containsExactly("10.0.0.16/29 via 10.0.0.1", "10.0.0.1/32");
  }

  @Test
  void routes_followTheAddressesWhenTheyMove() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    Connection asked = asking(connection("a"), new ExtraPrefixRequest(IpFamily.IPV4, 28, 1, 1));
    Connection answer = fixture.request(asked);
    Route inside = Route.to(IpPrefix.parse("10.0.0.16/29"));
    Connection routed =
        fixture.request(answer.withIp(answer.ip().withRoutes(List.of(), List.of(inside))));
    Connection moved = fixture.request(excluding(routed, "10.0.0.0/30"));
    assertAddresses(moved, "10.0.0.5/30", "10.0.0.6/30");
    assertThat(texts(moved.ip().endpointRoutes())).containsExactly("10.0.0.16/29 via 10.0.0.5");
  }

  @Test
  void exclusions_overAll_exhausted_namingThem() {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    assertFails(
        () -> fixture.request(excluding(connection("a"), "10.0.0.0/16")),
        Reason.EXHAUSTED,
        "10.0.0.0/24",
        "10.0.0.0/16");
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void refresh_exclusionsCoverTheAddress_movesAndGivesBackTheOld() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    Connection moved = fixture.request(excluding(fixture.open("a"), "10.0.0.1/32"));
    assertAddresses(moved, "10.0.0.2/32", "10.0.0.0/32");
    assertThat(texts(moved.ip().endpointRoutes())).containsExactly("10.0.0.2/32");
    assertAddresses(fixture.open("b"), "10.0.0.1/32", "10.0.0.0/32");
    assertThat(fixture.ipam.live()).isEqualTo(2);
  }

  @Test
  void refresh_moveFailsFurtherDown_keepsTheOldAddress() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    Connection answer = fixture.open("a");
    EndpointRunner failing = runner(fixture.ipam, FailAt.request(2));
    Connection other = request(failing, connection("b"));
    assertThatThrownBy(() -> request(failing, excluding(other, "10.0.0.2/32")))
        .isInstanceOf(EndpointException.class);
    assertThat(fixture.ipam.live()).isEqualTo(2);
    assertAddresses(fixture.open("c"), "10.0.0.3/32", "10.0.0.0/32");
    assertAddresses(fixture.request(answer), "10.0.0.1/32", "10.0.0.0/32");
  }

  @Test
  void request_failsFurtherDown_leavesNothing() {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24", "2001:db8::/64");
    for (FailAt fault : List.of(FailAt.request(1), FailAt.answer(1))) {
      assertThatThrownBy(
              () ->
                  request(
                      runner(fixture.ipam, fault),
                      asking(connection("a"), new ExtraPrefixRequest(IpFamily.IPV4, 28, 1, 2))))
          .isInstanceOf(EndpointException.class);
      assertThat(fixture.ipam.live()).isZero();
      assertThat(fixture.ipam.holders()).isZero();
    }
  }

  @Test
  void secondFamilyExhausted_firstIsGivenBack() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24", "2001:db8::/128");
    assertFails(() -> fixture.open("a"), Reason.EXHAUSTED, "/128", "2001:db8::/128");
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void secondPrefixOfTheFamily_isUsedWhenTheFirstIsFull() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/30", "10.9.0.0/30");
    assertAddresses(fixture.open("a"), "10.0.0.1/30", "10.0.0.2/30");
    assertAddresses(fixture.open("b"), "10.9.0.1/30", "10.9.0.2/30");
    assertFails(() -> fixture.open("c"), Reason.EXHAUSTED, "10.0.0.0/30", "10.9.0.0/30");
  }

  @Test
  void heal_afterOurRestart_sameAddressIfFree() throws EndpointException {
    for (AddressingMode mode : AddressingMode.values()) {
      Fixture before = fixture(mode, "10.0.0.0/24", "2001:db8::/112");
      before.open("a");
      Connection second = before.open("b");
      Fixture after = fixture(mode, "10.0.0.0/24", "2001:db8::/112");
      assertThat(after.request(second)).isEqualTo(second);
    }
  }

  @Test
  void heal_afterOurRestart_anotherAddressIfTaken() throws EndpointException {
    Fixture before = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    Connection old = before.open("a");
    Fixture after = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    after.open("b");
    Connection healed = after.request(old);
    assertAddresses(healed, "10.0.0.2/32", "10.0.0.0/32");
    assertThat(texts(healed.ip().endpointRoutes())).containsExactly("10.0.0.2/32");
  }

  @Test
  void heal_carriesReservedAddress_isNotGivenIt() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    Connection thief = addressed(connection("a"), List.of("10.0.0.0/32"), List.of("10.0.0.9/32"));
    assertAddresses(fixture.request(thief), "10.0.0.1/32", "10.0.0.0/32");
  }

  @Test
  void foreignContext_isForgotten() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    Connection moved = addressed(connection("a"), List.of("10.0.7.1/32"), List.of("10.0.7.0/32"));
    Route foreign = Route.to(IpPrefix.parse("10.0.7.0/24"));
    moved = moved.withIp(moved.ip().withRoutes(List.of(foreign), List.of(foreign)));
    Connection answer = fixture.request(excluding(moved, "10.0.0.1/32"));
    assertAddresses(answer, "10.0.0.2/32", "10.0.0.0/32");
    assertThat(texts(answer.ip().clientRoutes()))
        .containsExactly("10.0.0.0/32 via 10.0.0.0", "10.0.0.0/24 via 10.0.0.0");
    assertThat(texts(answer.ip().endpointRoutes())).containsExactly("10.0.0.2/32");
  }

  @Test
  void endpointRoutes_outsideTheGrant_invalidNamingTheField() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    for (String destination : List.of("0.0.0.0/0", "10.0.0.5/32", "10.9.0.0/16", "::/0")) {
      Connection greedy = connection("a");
      Route route = Route.to(IpPrefix.parse(destination));
      Connection asking = greedy.withIp(greedy.ip().withRoutes(List.of(), List.of(route)));
      assertFails(
          () -> fixture.request(asking), Reason.INVALID, "endpointRoutes", destination, "10.0.0.1");
    }
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void endpointRoutes_insideExtraPrefix_areKept() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    Connection answer =
        fixture.request(asking(connection("a"), new ExtraPrefixRequest(IpFamily.IPV4, 28, 1, 1)));
    assertThat(answer.ip().extraPrefixes()).containsExactly(IpPrefix.parse("10.0.0.16/28"));
    Route inside = Route.to(IpPrefix.parse("10.0.0.16/29"));
    Connection routed =
        fixture.request(answer.withIp(answer.ip().withRoutes(List.of(), List.of(inside))));
    assertThat(texts(routed.ip().endpointRoutes())).containsExactly("10.0.0.16/29 via 10.0.0.1");
  }

  @Test
  void extraPrefixes_requiredNotThere_exhaustedAndNothingKept() {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    assertFails(
        () ->
            fixture.request(
                asking(connection("a"), new ExtraPrefixRequest(IpFamily.IPV4, 25, 2, 2))),
        Reason.EXHAUSTED,
        "/25");
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void extraPrefixes_asManyOfTheRequestedAsThereAre_idempotent() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    Connection answer =
        fixture.request(asking(connection("a"), new ExtraPrefixRequest(IpFamily.IPV4, 26, 1, 9)));
    assertThat(texts(answer.ip().extraPrefixes())).containsExactly("10.0.0.64/26", "10.0.0.128/26");
    assertThat(fixture.request(answer)).isEqualTo(answer);
    Connection fewer =
        fixture.request(asking(answer, new ExtraPrefixRequest(IpFamily.IPV4, 26, 1, 1)));
    assertThat(texts(fewer.ip().extraPrefixes())).containsExactly("10.0.0.64/26");
    assertThat(fixture.ipam.live()).isEqualTo(2);
    fixture.close(fewer);
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void extraPrefixes_impossibleAsks_invalid() {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/24");
    for (ExtraPrefixRequest bad :
        List.of(
            new ExtraPrefixRequest(IpFamily.IPV4, 33, 1, 1),
            new ExtraPrefixRequest(IpFamily.IPV4, 32, -1, 1),
            new ExtraPrefixRequest(IpFamily.IPV6, 128, 0, Integer.MAX_VALUE))) {
      assertFails(
          () -> fixture.request(asking(connection("a"), bad)),
          Reason.INVALID,
          "extraPrefixRequests");
    }
    assertThat(fixture.ipam.live()).isZero();
  }

  @Test
  void noPrefix_newConnectionsUnavailableWithTheReason_establishedStay() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    Connection answer = fixture.open("a");
    source.missing("no prefix yet: IPAM at ipam:50051 unreachable for 12 s: connection refused");
    assertFails(
        () -> fixture.open("b"),
        Reason.UNAVAILABLE,
        "no prefix yet: IPAM at ipam:50051 unreachable for 12 s: connection refused");
    assertThat(fixture.request(answer)).isEqualTo(answer);
  }

  @Test
  void prefixChanges_connectionsAreMoved() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    fixture.open("a");
    fixture.open("b");
    source.set("10.0.7.0/24");
    executor.runAll();
    assertThat(fixture.runner.connections())
        .flatExtracting(c -> texts(c.ip().clientAddresses()))
        .containsExactlyInAnyOrder("10.0.7.1/32", "10.0.7.2/32");
    assertThat(fixture.runner.connections())
        .allSatisfy(
            c ->
                assertThat(texts(c.ip().clientRoutes()))
                    .containsExactly("10.0.7.0/32 via 10.0.7.0", "10.0.7.0/24 via 10.0.7.0"));
    assertThat(fixture.ipam.live()).isEqualTo(2);
  }

  @Test
  void prefixGrowsAndComesBack_noAddressTwice() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.UNNUMBERED, "10.0.0.0/24");
    fixture.open("a");
    source.set("10.0.0.0/23"); // nobody moved yet: the executor stands
    assertAddresses(fixture.open("b"), "10.0.0.2/32", "10.0.0.0/32");
    source.set("10.0.0.0/24");
    assertAddresses(fixture.open("c"), "10.0.0.3/32", "10.0.0.0/32");
  }

  @Test
  void skipped_takesNothingAndPassesAsItIs() throws EndpointException {
    source.set("10.0.0.0/24");
    IpamEndpoint ipam =
        IpamEndpoint.of(
            source,
            AddressingMode.POINT_TO_POINT,
            PrefixSet.EMPTY,
            session -> session.id().value().equals("peer"));
    Connection peer = addressed(connection("peer"), List.of("10.0.1.0/32"), List.of());
    Connection answer = request(runner(ipam), peer);
    assertThat(answer.ip()).isEqualTo(peer.ip());
    assertThat(ipam.live()).isZero();
  }

  @Test
  void churn_storesEmpty() throws EndpointException {
    Fixture fixture = fixture(AddressingMode.POINT_TO_POINT, "10.0.0.0/20", "2001:db8::/64");
    List<Connection> open = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      open.add(fixture.open("c" + i));
    }
    assertThat(open.stream().flatMap(c -> c.ip().clientAddresses().stream()))
        .doesNotHaveDuplicates();
    for (Connection connection : open) {
      fixture.close(connection);
    }
    assertThat(fixture.ipam.live()).isZero();
    assertThat(fixture.ipam.holders()).isZero();
    assertThat(fixture.runner.size()).isZero();
  }

  private Fixture fixture(AddressingMode mode, String... prefixes) {
    source.set(prefixes);
    return new Fixture(mode, PrefixSet.EMPTY);
  }

  private EndpointRunner runner(IpamEndpoint ipam, FailAt... faults) {
    List<io.vl3.endpoint.Endpoint> elements = new ArrayList<>(List.of(ipam));
    elements.addAll(List.of(faults));
    return new EndpointRunner(
        EndpointChain.of("test", elements), executor, timer, Duration.ofSeconds(5));
  }

  private Connection request(EndpointRunner runner, Connection connection)
      throws EndpointException {
    return runner.request(
        ConnectionRequest.of(connection),
        Caller.ANONYMOUS,
        Deadline.after(Duration.ofSeconds(1), timer));
  }

  private static Connection connection(String id) {
    return Connection.to("vl3").withId(new ConnectionId(id));
  }

  private static Connection excluding(Connection connection, String... excluded) {
    return connection.withIp(
        connection
            .ip()
            .withExcludedPrefixes(List.of(excluded).stream().map(IpPrefix::parse).toList()));
  }

  private static Connection addressed(
      Connection connection, List<String> client, List<String> endpoint) {
    return connection.withIp(
        connection
            .ip()
            .withAddresses(
                client.stream().map(InterfaceAddress::parse).toList(),
                endpoint.stream().map(InterfaceAddress::parse).toList()));
  }

  private static Connection asking(Connection connection, ExtraPrefixRequest asked) {
    IpContext ip = connection.ip();
    return connection.withIp(
        new IpContext(
            ip.clientAddresses(),
            ip.endpointAddresses(),
            ip.clientRoutes(),
            ip.endpointRoutes(),
            ip.excludedPrefixes(),
            List.of(asked),
            ip.extraPrefixes()));
  }

  private static void assertAddresses(Connection answer, String client, String endpoint) {
    assertThat(texts(answer.ip().clientAddresses())).containsExactly(client);
    assertThat(texts(answer.ip().endpointAddresses())).containsExactly(endpoint);
  }

  private static void assertFails(ThrowingCallable call, Reason reason, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContainingAll(parts);
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  private final class Fixture {
    private final IpamEndpoint ipam;
    private final EndpointRunner runner;

    Fixture(AddressingMode mode, PrefixSet excluded) {
      ipam = IpamEndpoint.of(source, mode, excluded, session -> false);
      runner = runner(ipam);
    }

    Connection open(String id) throws EndpointException {
      return request(connection(id));
    }

    Connection request(Connection connection) throws EndpointException {
      return IpamEndpointTest.this.request(runner, connection);
    }

    void close(Connection connection) throws EndpointException {
      runner.close(connection, Caller.ANONYMOUS, Deadline.after(Duration.ofSeconds(1), timer));
    }
  }

  /** A source that says what it is told to. */
  private static final class SettablePrefixes implements PrefixSource {
    private State state = new Missing("no prefix yet: not set");
    private final List<Runnable> listeners = new ArrayList<>();

    void set(String... prefixes) {
      state = new Known(List.of(prefixes).stream().map(IpPrefix::parse).toList());
      listeners.forEach(Runnable::run);
    }

    void missing(String why) {
      state = new Missing(why);
    }

    @Override
    public State current() {
      return state;
    }

    @Override
    public void onChange(Runnable listener) {
      listeners.add(listener);
    }
  }
}
