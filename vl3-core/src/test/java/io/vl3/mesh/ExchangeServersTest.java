package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.connection.Route;
import io.vl3.dns.PeerServers;
import io.vl3.dns.PeerServers.PeerServer;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerLabels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExchangeServersTest {

  private static final DnsConfig OURS = server("10.60.1.0");

  private final PeerServers servers = new PeerServers();
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

  /** What the peer that we dial says of itself. */
  private List<DnsConfig> told = List.of(server("10.60.2.1"));

  private ConnectionRequest asked = ConnectionRequest.of(Connection.to("nothing"));
  private boolean failing;

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck().empty("name servers", servers::size).empty("prefixes", table::size);

  @Test
  void aPeerThatDials_isToldOurServerBehindItsOwn_whichIsNoted() throws Exception {
    Connection answer = answering().request(dialled(server("10.60.2.1")));
    assertThat(answer.context().dns()).containsExactly(server("10.60.2.1"), OURS);
    assertThat(servers.all()).containsExactly(at("10.60.2.1", false));
    assertThat(rig.request(answer)).isEqualTo(answer);
    rig.close(answer);
    assertThat(servers.size()).isZero();
  }

  @Test
  void aServerOutsideOfThePeersPrefix_isNotBelieved() throws Exception {
    Connection answer =
        answering().request(dialled(server("10.60.3.1"), server("10.60.1.0"), server("192.0.2.1")));
    assertThat(servers.all()).isEmpty();
    rig.close(answer);
  }

  @Test
  void aPeerThatWeDial_isToldOursAlone_andItsServerIsNoted() throws Exception {
    Connection answer = dialling().request(dial());
    assertThat(asked.connection().context().dns()).containsExactly(OURS);
    assertThat(servers.all()).containsExactly(at("10.60.2.1", false));
    rig.request(answer);
    assertThat(asked.connection().context().dns()).containsExactly(OURS);
    told = List.of();
    rig.request(answer);
    assertThat(servers.all()).isEmpty();
    rig.close(answer);
  }

  @Test
  void aSpokeMayAskItsHubToAskOthers() throws Exception {
    self = self.withLabel(PeerLabels.ROLE, PeerLabels.SPOKE);
    peer = peer.withLabel(PeerLabels.ROLE, PeerLabels.HUB);
    Connection answer = dialling().request(dial());
    assertThat(servers.all()).containsExactly(at("10.60.2.1", true));
    rig.close(answer);
  }

  @Test
  void aFailure_leavesWhatWasKnown() throws Exception {
    failing = true;
    assertThatThrownBy(() -> answering().request(dialled(server("10.60.2.1"))))
        .hasMessageContaining("behind: fails");
    assertThat(servers.size()).isZero();
    failing = false;
    Connection answer = rig.request(dialled(server("10.60.2.1")));
    failing = true;
    assertThatThrownBy(() -> rig.request(dialled(server("10.60.2.9"))))
        .hasMessageContaining("behind: fails");
    assertThat(servers.all()).containsExactly(at("10.60.2.1", false));
    rig.close(answer);
  }

  /** Who is ours knows us by label; a name server that is not there would only be waited for. */
  @Test
  void withoutServer_onlyAForeignPeerIsShownOne() throws Exception {
    rig.run(new TellMesh(table), new BelievePeer(network, table, this::known), this::answer);
    rig.close(rig.request(dial()));
    assertThat(asked.connection().context().dns()).containsExactly(OURS);
    peer = peer.withLabel(PeerLabels.INSTANCE, "run-1");
    told = List.of();
    rig.close(rig.request(dial()));
    assertThat(asked.connection().context().dns()).isEmpty();
  }

  private ChainRig answering() {
    return rig.run(
        new DiscoverPeers(this::known),
        new Vl3Endpoint(network, table),
        ExchangeServers.answering(network, servers),
        this::maybeFail);
  }

  private ChainRig dialling() {
    return rig.run(
        new TellMesh(table),
        ExchangeServers.dialling(network, servers, this::known),
        new BelievePeer(network, table, this::known),
        this::answer);
  }

  private KnownPeers known() {
    return KnownPeers.of(List.of(peer), true);
  }

  private Connection maybeFail(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    if (failing) {
      throw new EndpointException(Reason.INTERNAL, "behind: fails");
    }
    return next.request(request);
  }

  private Connection answer(ConnectionRequest request, Session session, Next next) {
    asked = request;
    Connection connection = request.connection();
    return connection.withContext(
        connection
            .context()
            .withDns(told)
            .withIp(
                connection
                    .ip()
                    .withAddresses(
                        connection.ip().clientAddresses(),
                        List.of(InterfaceAddress.parse("10.60.2.0/32")))
                    .withRoutes(
                        List.of(Route.to(IpPrefix.parse("10.60.2.0/24"))),
                        connection.ip().endpointRoutes())));
  }

  private Connection dial() {
    return rig.connection("link").withEndpointName("peer");
  }

  private Connection dialled(DnsConfig... its) {
    Connection connection = rig.connection("link").withLabels(Map.of(PeerLabels.NAME, "peer"));
    return connection.withContext(
        connection
            .context()
            .withDns(List.of(its))
            .withIp(
                connection
                    .ip()
                    .withAddresses(List.of(InterfaceAddress.parse("10.60.2.0/32")), List.of())
                    .withRoutes(List.of(), List.of(Route.to(IpPrefix.parse("10.60.2.0/24"))))));
  }

  private static PeerServer at(String address, boolean asksOthers) {
    return new PeerServer(IpAddress.parse(address), asksOthers);
  }

  private static DnsConfig server(String address) {
    return new DnsConfig(List.of(IpAddress.parse(address)), List.of());
  }
}
