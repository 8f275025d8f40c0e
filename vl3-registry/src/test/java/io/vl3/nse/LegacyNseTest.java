package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connectioncontext.Route;
import io.vl3.api.nsm02.nsmd.ClientConnectionRequest;
import io.vl3.links.KernelInterfaces;
import io.vl3.mesh.MeshSettings;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.FakeForwarder02;
import io.vl3.nsm.legacy.FakeOriginal02;
import io.vl3.nsm.legacy.LegacyManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** NSEs at managers of NSM 0.2. */
class LegacyNseTest {

  private static final String SERVICE = "vl3-service";
  private static final Map<String, String> POD = Map.of("podName", "web");
  private static final Mechanism KERNEL =
      Mechanism.newBuilder().setCls("LOCAL").setType("KERNEL_INTERFACE").build();

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();

  @Test
  void aWorkloadIsServed_andTheGeneratedNameIsWhoWeAre() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    Vl3Nse nse = started(nse(domain, "nse", 1, List.of()));

    assertThat(nse.registration().name()).startsWith(SERVICE).isNotEqualTo("nse");
    assertThat(domain.registry().names()).containsExactly(nse.registration().name());

    Connection served = domain.workload("pod").request(FakeDomain02.workload(SERVICE, POD, KERNEL));
    assertThat(served.getContext().getIpContext().toString())
        .isEqualTo(
            """
            src_ip_addrs: "10.60.1.1/30"
            dst_ip_addrs: "10.60.1.2/30"
            src_ip_required: true
            dst_ip_required: true
            dst_routes {
              prefix: "10.60.0.0/16"
            }
            """);
  }

  @Test
  void nsesOfTwoDomainsLinkUp_byAWorkloadsBlockOfTheAnsweringSide() throws Exception {
    FakeDomain02 one = domain("nsm1");
    FakeDomain02 two = domain("nsm2");
    joined(one, two);
    Vl3Nse first = started(nse(one, "first", 1, List.of("two.example")));
    Vl3Nse second = started(nse(two, "second", 2, List.of("one.example")));

    NseRig.awaitPeers(first, second.registration().name() + "@two.example");
    NseRig.awaitPeers(second, first.registration().name() + "@one.example");

    Eventually.until(
        "one link", () -> one.manager().sources().size() + two.manager().sources().size() == 1);
  }

  @Test
  void severalRemoteDomainsAreSearched_eachForItself() throws Exception {
    FakeDomain02 here = domain("nsm9");
    FakeDomain02 two = domain("nsm2");
    FakeDomain02 three = domain("nsm3");
    here.registry().domain("two.example", two.registry());
    here.registry().domain("three.example", three.registry());
    FakeOriginal02 first = original(two, 2);
    FakeOriginal02 second = original(three, 3);
    two.registry().down(true);
    Vl3Nse nse = started(nse(here, "nse", 1, List.of("two.example", "three.example")));

    NseRig.awaitPeers(nse, second.name() + "@three.example");

    two.registry().down(false);
    Eventually.until("both", () -> NseRig.up(nse).size() == 2);
    assertThat(NseRig.up(nse))
        .containsExactlyInAnyOrder(first.name() + "@two.example", second.name() + "@three.example");
  }

  @Test
  void aPeerThatRefuses_isAskedAgain() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    FakeOriginal02 peer = original(domain, 2);
    peer.refuse(2);
    Vl3Nse nse = started(nse(domain, "nse", 1, List.of()));

    NseRig.awaitPeers(nse, peer.name());

    Connection asked = peer.received().get(0);
    assertThat(asked.getLabelsMap())
        .containsEntry("vl3Nse/nseSource/endpointName", nse.registration().name());
    assertThat(asked.getContext().getIpContext().getSrcRoutesList())
        .extracting(Route::getPrefix)
        .containsExactly("10.60.1.0/24");
  }

  /** The original's asks once, as soon as it is registered. */
  @Test
  void aPeerThatAsksBeforeASearchHasFoundIt_isServed() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    Vl3Nse nse = started(nse(domain.access("nse", Duration.ofMinutes(5)), "nse", 1, List.of()));
    FakeOriginal02 peer = original(domain, 2);

    Connection link = peer.dial(nse.registration().name(), "nsm1");

    assertThat(link.getContext().getIpContext().getSrcIpAddrs(0)).isEqualTo("10.60.1.1/30");
    NseRig.awaitPeers(nse, peer.name());
  }

  @Test
  void dialsThatCross_doNotWaitForEachOther() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    FakeOriginal02 peer = original(domain, 2);
    CompletableFuture<Connection> crossing = new CompletableFuture<>();
    CompletableFuture<String> own = new CompletableFuture<>();
    peer.beforeAnswer(
        () -> {
          if (!crossing.isDone()) {
            crossing.complete(peer.dial(own.join(), "nsm1"));
          }
        });
    Vl3Nse nse = started(nse(domain, "nse", 1, List.of()));
    own.complete(nse.registration().name());

    NseRig.awaitPeers(nse, peer.name());

    assertThat(crossing.join().getContext().getIpContext().getSrcIpAddrs(0))
        .as("a block of ours, given in the middle of our dial")
        .isEqualTo("10.60.1.1/30");
  }

  @Test
  void aManagerThatIsStartedAgain_findsUsUnderTheSameName() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    FakeOriginal02 peer = original(domain("nsm2"), 2);
    Vl3Nse nse = started(nse(domain, "nse", 1, List.of()));
    String name = nse.registration().name();
    Connection before = domain.workload("pod").request(FakeDomain02.workload(SERVICE, POD, KERNEL));

    domain.manager().stop();
    domain.manager().start();

    Eventually.until("registered", () -> domain.registry().names().equals(List.of(name)));
    Eventually.until("listens", () -> domain.manager().reaches(name));
    Connection after =
        domain.workload("pod2").request(FakeDomain02.workload(SERVICE, Map.of(), KERNEL));
    assertThat(before.getContext().getIpContext().getSrcIpAddrs(0)).isEqualTo("10.60.1.1/30");
    assertThat(after.getContext().getIpContext().getSrcIpAddrs(0)).isEqualTo("10.60.1.5/30");
    assertThat(nse.registration().name()).isEqualTo(name);
    assertThat(peer.received()).isEmpty();
  }

  @Test
  void aWorkspaceThatWasAskedFor_outlivesAManagerThatStartsAgain_orThatHasLostIt()
      throws Exception {
    FakeDomain02 domain = domain("nsm1");
    LegacyManager access =
        rig.closing(
            LegacyManager.ask(
                rig.runtime().withInsecure(),
                domain.nsmd().url(),
                "nse",
                Optional.of(domain.discoveryUrl()),
                Duration.ofMillis(100)));
    Vl3Nse nse = started(nse(access, "nse", 1, List.of()));
    String name = nse.registration().name();

    domain.manager().stop();
    domain.manager().start();
    awaitServed(domain, name);
    assertThat(domain.nsmd().asked()).as("the manager knew it").hasSize(1);

    domain.manager().loseWorkspaces();
    awaitServed(domain, name);
    assertThat(domain.nsmd().asked())
        .extracting(ClientConnectionRequest::getWorkspace)
        .containsExactly("nse", "nse");
  }

  private static void awaitServed(FakeDomain02 domain, String nse) throws Exception {
    Eventually.until("registered", () -> domain.registry().names().equals(List.of(nse)));
    Eventually.until("listens", () -> domain.manager().reaches(nse));
    Connection served =
        domain.workload("pod").request(FakeDomain02.workload(SERVICE, Map.of(), KERNEL));
    assertThat(served.getNetworkServiceEndpointName()).isEqualTo(nse);
  }

  @Test
  void anIdThatTheManagerGivesAgain_endsWhatItHasForgotten() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    Vl3Nse nse = started(nse(domain, "nse", 1, List.of()));
    var unused = domain.workload("a").request(FakeDomain02.workload(SERVICE, POD, KERNEL));
    assertThat(nse.status().workloads()).isEqualTo(1);

    domain.manager().forgetConnections();
    Connection second =
        domain.workload("b").request(FakeDomain02.workload(SERVICE, Map.of(), KERNEL));

    assertThat(second.getContext().getIpContext().getSrcIpAddrs(0)).isEqualTo("10.60.1.5/30");
    Eventually.until("the first is closed", () -> nse.status().workloads() == 1);
  }

  private FakeOriginal02 original(FakeDomain02 domain, int third) throws Exception {
    return rig.closing(new FakeOriginal02(domain, rig.runtime(), SERVICE, third));
  }

  private static void joined(FakeDomain02 one, FakeDomain02 two) {
    one.registry().domain("two.example", two.registry());
    two.registry().domain("one.example", one.registry());
  }

  private FakeDomain02 domain(String manager) throws Exception {
    return rig.closing(new FakeDomain02(rig.runtime(), manager, FakeForwarder02.NONE));
  }

  private Vl3NseBuilder nse(FakeDomain02 domain, String name, int third, List<String> remote)
      throws Exception {
    return nse(domain.access(name), name, third, remote);
  }

  private Vl3NseBuilder nse(LegacyManager access, String name, int third, List<String> remote) {
    return Vl3Nse.builder(rig.runtime(), name, SERVICE)
        .nsm(NsmEdge.v02(access))
        .remoteDomains(remote)
        .mesh(MeshSettings.DEFAULT)
        .links(new KernelInterfaces("file:///proc/self/ns/net"))
        .prefix(IpPrefix.parse("10.60." + third + ".0/24"))
        .pool(IpPrefix.parse("10.60.0.0/16"));
  }

  private Vl3Nse started(Vl3NseBuilder builder) throws Exception {
    Vl3Nse nse = rig.closing(builder.start());
    var unused = nse.registered().toCompletableFuture().join();
    return nse;
  }
}
