package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.dns.NameTemplate;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.ipam.AddressingMode;
import io.vl3.links.SocketPlace;
import io.vl3.mesh.ClaimLimit;
import io.vl3.mesh.ProbeLinks;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.nse.NseRig.WrappedLinks;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.DomainStatus;
import io.vl3.registry.PeerLabels;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each setting of the builder takes effect. */
class BuilderSettingsTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @Test
  void addressesAndRoutes_ofWorkloads() throws Exception {
    DnsConfig dns = new DnsConfig(List.of(IpAddress.parse("192.0.2.53")), List.of("example"));
    started(
        NseRig.nse(nsm, "a", 1)
            .addressing(AddressingMode.UNNUMBERED)
            .excluded(PrefixSet.of(IpPrefix.parse("10.60.1.0/30")))
            .routes(List.of(IpPrefix.parse("192.0.2.0/24")))
            .nameServers(dns));
    Connection workload = request("a", 0);
    assertThat(workload.ip().clientAddresses())
        .as("the NSE has .4")
        .containsExactly(InterfaceAddress.parse("10.60.1.5/32"));
    assertThat(workload.ip().clientRoutes())
        .extracting(route -> route.destination())
        .contains(IpPrefix.parse("192.0.2.0/24"), IpPrefix.parse("10.60.0.0/16"));
    assertThat(workload.context().dns()).contains(dns);
  }

  @Test
  void leastMtu_refusesWhatIsLess() throws Exception {
    started(NseRig.nse(nsm, "low", 1).leastMtu(600));
    started(NseRig.nse(nsm, "usual", 2));
    assertThat(request("low", 700).context().mtuBytes()).isEqualTo(700);
    assertThatThrownBy(() -> request("usual", 700))
        .hasMessageContaining("MTU: 700 (expected: 0, or 1280 or more");
  }

  @Test
  void claims_refusePeersThatTakeMore() throws Exception {
    Vl3Nse strict = started(NseRig.nse(nsm, "strict", 1).claims(new ClaimLimit(24, 64)));
    Vl3Nse usual = started(NseRig.nse(nsm, "usual", 2));
    Vl3Nse greedy = started(NseRig.nse(nsm, "greedy", 0).prefix(IpPrefix.parse("10.60.128.0/17")));
    NseRig.awaitPeers(usual, "greedy", "strict");
    NseRig.awaitPeers(strict, "usual");
    Eventually.until(
        "refusals of strict",
        () ->
            greedy.status().peers().stream()
                .anyMatch(peer -> peer.peer().equals("strict") && peer.failures() > 0));
    assertThat(NseRig.up(strict)).containsExactly("usual");
  }

  @Test
  void labels_roleAndSeveralPeers() throws Exception {
    Vl3Nse red = started(NseRig.nse(nsm, "red", 1).label("team", "red").role(PeerLabels.HUB));
    Vl3Nse picky =
        started(
            NseRig.nse(nsm, "picky", 2)
                .labels(Map.of("team", "red"))
                .peerLabels(Map.of("team", "red")));
    started(NseRig.nse(nsm, "blue", 3).label("team", "blue"));
    NseRig.awaitPeers(red, "blue", "picky");
    assertThat(picky.status().peers()).extracting(peer -> peer.peer()).containsExactly("red");
    assertThat(red.registration().services().get(NseRig.SERVICE))
        .containsEntry("team", "red")
        .containsEntry(PeerLabels.ROLE, PeerLabels.HUB);
  }

  @Test
  void remoteDomains_areSearched() throws Exception {
    Vl3Nse nse = started(NseRig.nse(nsm, "a", 1).remoteDomains(List.of("far.test")));
    assertThat(nse.status().domains()).extracting(DomainStatus::domain).contains("far.test");
  }

  @Test
  void liveness_decidesWhetherALinkIsUp() throws Exception {
    ProbeLinks.Settings often = ProbeLinks.Settings.DEFAULT;
    Vl3Nse doubting =
        started(
            NseRig.nse(nsm, "doubting", 1)
                .links(new SilentLinks())
                .liveness(often, Duration.ofMillis(50)));
    Vl3Nse trusting =
        started(NseRig.nse(nsm, "trusting", 2).links(new SilentLinks()).withoutLiveness());
    NseRig.awaitPeers(trusting, "doubting");
    assertThat(NseRig.up(doubting)).isEmpty();
  }

  @Test
  void theRegistration_isAsAsked() throws Exception {
    Vl3Nse staying = started(NseRig.nse(nsm, "staying", 1).stayRegistered(true));
    Vl3Nse leaving = started(NseRig.nse(nsm, "leaving", 2).registerService(false));
    Eventually.until("both", () -> nsm.manager().registry().size() == 2);
    staying.close();
    leaving.close();
    Eventually.until("one left", () -> nsm.manager().registry().size() == 1);
    assertThat(nsm.manager().registry().services()).hasSize(1);
  }

  @Test
  void withoutRegisterService_theNetworkServiceIsNotRegistered() throws Exception {
    Vl3Nse nse = started(NseRig.nse(nsm, "a", 1).registerService(false));
    assertThat(nse.registration().name()).isEqualTo("a");
    assertThat(nsm.manager().registry().services()).isEmpty();
  }

  @Test
  void names_areGivenToTheNseItselfAndToWorkloads() throws Exception {
    Vl3Nse nse =
        started(
            NseRig.nse(nsm, "a", 1)
                .links(new SilentLinks())
                .withoutLiveness()
                .label("podName", "a-0")
                .names(
                    List.of(
                        NameTemplate.parse(
                            "{{ index .Labels \"podName\" }}.{{ .NetworkService }}.")))
                .nameServer(NameServerSettings.DEFAULT.withPorts(0, 53)));
    nsm.client("workload").request(NseRig.workload("a", Map.of("podName", "w")));
    assertThat(nse.names())
        .flatExtracting(named -> named.names())
        .extracting(name -> name.toString().toLowerCase(Locale.ROOT))
        .containsExactlyInAnyOrder("a-0.vl3.", "w.vl3.");
  }

  private Vl3Nse started(Vl3NseBuilder builder) throws Exception {
    Vl3Nse nse = nsm.closing(builder.start());
    nse.registered().toCompletableFuture().get();
    return nse;
  }

  private Connection request(String endpoint, int mtuBytes) throws Exception {
    ConnectionRequest asked = NseRig.workload(endpoint, Map.of());
    Connection with = asked.connection();
    return nsm.client("workload-" + endpoint)
        .request(asked.withConnection(with.withContext(with.context().withMtuBytes(mtuBytes))));
  }

  /** Links over which nothing answers, with sockets here. */
  private static final class SilentLinks extends WrappedLinks {

    @Override
    public Optional<LivenessProbe> probe(Duration timeout) {
      return Optional.of(LivenessProbe.NONE);
    }

    @Override
    public Optional<SocketPlace> place() {
      return Optional.of(SocketPlace.HERE);
    }
  }
}
