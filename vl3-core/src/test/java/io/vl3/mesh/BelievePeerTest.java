package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Route;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer that we dial may answer; whoever programs the link stands before the element. */
class BelievePeerTest {

  private final PrefixTable table = new PrefixTable();
  private final ChainRig rig = new ChainRig();
  private EndpointRecord self = EndpointRecord.of("me", "service", Map.of(), "");
  private EndpointRecord peer = EndpointRecord.of("peer", "service", Map.of(), "");
  private final Vl3Network network =
      new Vl3Network(
          () -> self,
          new ChangingPrefixes("10.60.1.0/24"),
          List.of(IpPrefix.parse("10.60.0.0/16")),
          List.of());

  /** What the peer answers. */
  private List<String> address = List.of("10.60.2.0/32");

  private List<String> routes = List.of("10.60.2.0/32", "10.60.2.0/24");
  private List<InterfaceAddress> forUs = List.of();

  /** What whoever programs links is told. */
  private final List<Connection> programmed = new ArrayList<>();

  @RegisterExtension final LeakCheck leaks = new LeakCheck().empty("prefix table", table::size);

  BelievePeerTest() {
    rig.run(
        new TellMesh(table),
        this::program,
        new BelievePeer(network, table, () -> KnownPeers.of(List.of(peer), true)),
        this::answer);
  }

  @Test
  void whatItOwns_isInstalledAsItSays_atEachRefresh() throws Exception {
    Connection link = dial();
    Connection again = rig.request(link);
    assertThat(programmed)
        .extracting(answer -> answer.ip().clientRoutes().toString())
        .containsExactly("[10.60.2.0/32, 10.60.2.0/24]", "[10.60.2.0/32, 10.60.2.0/24]");
    assertThat(again.ip().clientAddresses()).hasToString("[10.60.1.0/32]");
    rig.close(again);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/8", "10.60.0.0/16", "10.60.0.0/23"})
  void aWayToOthers_isRefused_andProgrammedByNobody(String aggregate) {
    peer = peer.withLabel(PeerLabels.INSTANCE, "run-1");
    routes = List.of("10.60.2.0/32", "10.60.2.0/24", aggregate);
    assertRefused("clientRoutes: " + aggregate + " of peer peer (expected: its own prefix;");
  }

  @Test
  void theNetworkThatNsmsOwnVl3AlwaysNames_isLeftOut() throws Exception {
    routes = List.of("10.60.2.0/32", "10.60.2.0/24", "10.60.0.0/16");
    Connection link = dial();
    assertThat(programmed.get(0).ip().clientRoutes()).hasToString("[10.60.2.0/32, 10.60.2.0/24]");
    rig.close(link);
    routes = List.of("10.60.2.0/32", "10.60.2.0/24", "0.0.0.0/0");
    programmed.clear();
    assertRefused("clientRoutes: 0.0.0.0/0 of peer peer (expected: its own prefix;");
  }

  @Test
  void aHubThatWasAskedToBeTheUplink_isTheWayToThePools_andToNothingElse() throws Exception {
    self = self.withLabel(PeerLabels.ROLE, PeerLabels.SPOKE);
    peer = peer.withLabel(PeerLabels.ROLE, PeerLabels.HUB).withLabel(PeerLabels.INSTANCE, "run-1");
    routes = List.of("10.60.2.0/24", "10.60.0.0/16");
    assertRefused("clientRoutes: 10.60.0.0/16 of peer peer (expected: its own prefix;");
    table.uplink().choose(self, List.of("peer"));
    Connection link = dial();
    assertThat(programmed.get(0).ip().clientRoutes()).hasToString("[10.60.2.0/24, 10.60.0.0/16]");
    rig.close(link);
    programmed.clear();
    routes = List.of("10.60.2.0/24", "10.60.0.0/16", "0.0.0.0/0");
    assertRefused("clientRoutes: 0.0.0.0/0 of peer peer (expected: its own prefix;");
  }

  @Test
  void anAddressOutsideOfItsPrefix_isRefused_andProgrammedByNobody() {
    address = List.of("10.60.2.0/32", "10.60.9.5/32");
    assertRefused("endpointAddresses: 10.60.9.5/32 of peer peer (expected: inside [10.60.2.0/24])");
  }

  @Test
  void anAddressForUsThatIsNotOurs_isRefused_andProgrammedByNobody() {
    forUs = List.of(InterfaceAddress.parse("10.60.1.77/32"));
    assertRefused(
        "clientAddresses: [10.60.1.0/32, 10.60.1.77/32] by peer peer"
            + " (expected: ours, [10.60.1.0/32])");
  }

  @Test
  void aLinkThatTurnsIntoALie_isRefused_andStaysProgrammedAsItWas() throws Exception {
    Connection link = dial();
    address = List.of("10.60.9.5/32");
    assertThatThrownBy(() -> rig.request(link)).hasMessageStartingWith("endpointAddresses: ");
    assertThat(programmed).hasSize(1);
    assertThat(table.size()).isEqualTo(1);
    rig.close(link);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::dial)
        .hasMessageStartingWith(message)
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
    assertThat(programmed).isEmpty();
  }

  private Connection dial() throws EndpointException {
    return rig.request(rig.connection("link").withEndpointName("peer"));
  }

  private Connection program(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    programmed.add(answer);
    return answer;
  }

  private Connection answer(ConnectionRequest request, Session session, Next next) {
    Connection asked = request.connection();
    return asked.withIp(
        asked
            .ip()
            .withAddresses(
                Stream.concat(asked.ip().clientAddresses().stream(), forUs.stream()).toList(),
                address.stream().map(InterfaceAddress::parse).toList())
            .withRoutes(
                routes.stream().map(IpPrefix::parse).map(Route::to).toList(),
                asked.ip().endpointRoutes()));
  }
}
