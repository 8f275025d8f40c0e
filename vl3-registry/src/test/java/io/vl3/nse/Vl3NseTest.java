package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.element.AddLabels;
import io.vl3.endpoint.element.SetDnsContext;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.links.KernelInterfaces;
import io.vl3.mesh.ChangingPrefixes;
import io.vl3.mesh.PeerStatus;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nse.NseRig.NotedLinks;
import io.vl3.nse.NseRig.RequireLabel;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The builder of a whole NSE. */
class Vl3NseTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @Test
  void endpointsOfOneService_linkUpWithEachOther_andServeWorkloads() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1));
    Vl3Nse two = started(NseRig.nse(nsm, "two", 2));
    NseRig.awaitPeers(one, "two");
    NseRig.awaitPeers(two, "one");

    Connection workload = client().request(NseRig.workload("one", Map.of()));

    assertThat(workload.ip().clientAddresses())
        .containsExactly(InterfaceAddress.parse("10.60.1.1/30"));
    assertThat(workload.ip().clientRoutes())
        .anyMatch(route -> route.destination().equals(IpPrefix.parse("10.60.0.0/16")));
    assertThat(one.status().peers())
        .singleElement()
        .satisfies(
            peer -> assertThat(peer.prefixes()).containsExactly(IpPrefix.parse("10.60.2.0/24")));
  }

  @Test
  void left_itsRegistrationAndConnectionsStand_andASuccessorIsLinkedAgain() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1));
    Vl3Nse two = started(NseRig.nse(nsm, "two", 2));
    NseRig.awaitPeers(one, "two");
    NseRig.awaitPeers(two, "one");
    Connection workload = client().request(NseRig.workload("one", Map.of()));
    int connections = nsm.manager().connections().size();

    one.leave();

    assertThat(nsm.manager().registry().size()).isEqualTo(2);
    assertThat(nsm.manager().connections()).hasSize(connections);
    assertThat(one.connections()).isEmpty();
    Vl3Nse successor = started(NseRig.nse(nsm, "one", 1));
    NseRig.awaitPeers(successor, "two");
    NseRig.awaitPeers(two, "one");
    assertThat(workload.endpointName()).isEqualTo("one");
  }

  /**
   * "three" comes after "two" in the registry's watch: who knows of the one was shown the other.
   */
  @Test
  void grantedAnotherName_itKnowsWhoHasTheFormer() throws Exception {
    RenamedEdge edge = new RenamedEdge(NseRig.edge(nsm, "one"), "two");
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1).nsm(edge));
    started(NseRig.nse(nsm, "two", 2));
    started(NseRig.nse(nsm, "three", 3));
    Eventually.until("three", () -> peers(one).contains("three"));
    assertThat(peers(one)).doesNotContain("two");
    Eventually.until("hook", () -> !edge.registered.isEmpty());

    edge.claimed = Optional.empty();
    edge.registered.remove().run();

    Eventually.until("both", () -> peers(one).equals(Set.of("two", "three")));
  }

  private static Set<String> peers(Vl3Nse nse) {
    return nse.status().peers().stream().map(PeerStatus::peer).collect(Collectors.toSet());
  }

  @Test
  void anElementForWorkloads_refusesOnlyThem_beforeTheyTakeAnything() throws Exception {
    Vl3Nse picky = started(NseRig.nse(nsm, "picky", 1).forWorkloads(new RequireLabel("team")));
    Vl3Nse other = started(NseRig.nse(nsm, "other", 2));
    NseRig.awaitPeers(picky, "other");
    NseRig.awaitPeers(other, "picky");

    assertThatThrownBy(() -> client().request(NseRig.workload("picky", Map.of())))
        .hasMessageContaining("labels: no team");
    assertThat(picky.status().bindings()).isZero();

    Connection served = client().request(NseRig.workload("picky", Map.of("team", "red")));
    assertThat(served.ip().clientAddresses())
        .containsExactly(InterfaceAddress.parse("10.60.1.1/30"));
  }

  @Test
  void anElementForEverybody_refusesPeersToo() throws Exception {
    Vl3Nse closed = started(NseRig.nse(nsm, "closed", 1).forEverybody(new RequireLabel("team")));
    Vl3Nse open = started(NseRig.nse(nsm, "open", 2).requestLabels(Map.of("team", "red")));
    NseRig.awaitPeers(closed, "open");
    Vl3Nse stranger = started(NseRig.nse(nsm, "stranger", 3));
    NseRig.awaitPeers(stranger, "open");
    Eventually.until(
        "refusals of closed",
        () -> stranger.status().peers().stream().anyMatch(peer -> peer.failures() > 0));
    assertThat(NseRig.up(open)).containsExactly("closed", "stranger");
  }

  @Test
  void theChains_canBeChanged_andTheirOrderIsChecked() {
    Vl3Nse changed =
        NseRig.nse(nsm, "changed", 1)
            .serverChain(chain -> chain.behind(IpamEndpoint.class, new AddLabels(Map.of())))
            .serverChain(chain -> chain.replacing(SetDnsContext.class, new RequireLabel("x")))
            .peersChain(chain -> chain.before(AddLabels.class, new RequireLabel("y")))
            .build();
    assertThat(names(changed, 0))
        .containsSubsequence("IpamEndpoint", "AddLabels", "Vl3Endpoint")
        .contains("RequireLabel")
        .doesNotContain("SetDnsContext");
    assertThat(names(changed, 1)).containsSubsequence("RequireLabel", "AddLabels");
    assertThatThrownBy(
            () ->
                NseRig.nse(nsm, "wrong", 1)
                    .serverChain(chain -> chain.replacing(UpdatePath.class, new RequireLabel("x")))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: UpdatePath before it");
  }

  @Test
  void whatIsNeeded_isNamedWhereItIsMissing() {
    Vl3NseBuilder builder = Vl3Nse.builder(nsm.runtime(), "a", "vl3");
    assertMissing(builder, "nsm");
    builder.nsm(NsmEdge.v1(nsm.runtime(), nsm.access(), nsm.urlFor("a")));
    assertMissing(builder, "links");
    builder.links(new KernelInterfaces("file:///run/netns/a"));
    assertMissing(builder, "prefixes");
    assertThat(builder.prefix(IpPrefix.parse("10.0.0.0/24")).build().describe()).hasSize(2);
  }

  @Test
  void theLinks_areToldTheOwnPrefixes_andOfEveryChange_andClosedAtTheEnd() throws Exception {
    ChangingPrefixes prefixes = new ChangingPrefixes("10.60.1.0/24");
    NotedLinks links = new NotedLinks();
    Vl3Nse nse = started(NseRig.nse(nsm, "a", 1).prefixes(prefixes).links(links));
    assertThat(links.told()).containsExactly("start", "own [10.60.1.0/24]");
    prefixes.become("10.60.7.0/24");
    Eventually.until("told", () -> links.told().contains("own [10.60.7.0/24]"));
    nse.close();
    nse.close();
    assertThat(links.told()).endsWith("close").filteredOn("close"::equals).hasSize(1);
  }

  @Test
  void companions_liveAsLongAsTheNse_newestEndedFirst() throws Exception {
    List<String> told = new ArrayList<>();
    Vl3Nse nse =
        started(
            NseRig.nse(nsm, "a", 1)
                .companion(
                    it -> {
                      told.add("admin of " + it.status().service());
                      return () -> told.add("admin ended");
                    })
                .companion(
                    it -> {
                      told.add("figures");
                      return () -> told.add("figures ended");
                    }));
    assertThat(told).containsExactly("admin of vl3", "figures");
    nse.close();
    assertThat(told).containsExactly("admin of vl3", "figures", "figures ended", "admin ended");
  }

  @Test
  void aCompanionThatCannotStart_leavesNothingRunning() throws Exception {
    NotedLinks links = new NotedLinks();
    List<String> told = new ArrayList<>();
    assertThatThrownBy(
            () ->
                NseRig.nse(nsm, "a", 1)
                    .links(links)
                    .companion(it -> () -> told.add("ended"))
                    .companion(
                        it -> {
                          throw new EndpointException(Reason.UNAVAILABLE, "port taken");
                        })
                    .start())
        .hasMessage("port taken");
    assertThat(told).containsExactly("ended");
    assertThat(links.told()).endsWith("close");
    Eventually.until("unregistered", () -> nsm.manager().registry().size() == 0);
    Vl3Nse successor = started(NseRig.nse(nsm, "a", 1));
    assertThat(successor.registration().name()).isEqualTo("a");
  }

  @Test
  void close_leavesNothing_andThePeerForgetsIt() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1));
    Vl3Nse two = started(NseRig.nse(nsm, "two", 2));
    NseRig.awaitPeers(one, "two");
    client().request(NseRig.workload("one", Map.of()));

    one.close();

    assertThat(one.status().connections()).isZero();
    NseRig.awaitPeers(two);
    Eventually.until("no links", () -> nsm.dataPlane().links().isEmpty());
  }

  private Vl3Nse started(Vl3NseBuilder builder) throws Exception {
    Vl3Nse nse = nsm.closing(builder.start());
    var unused = nse.registered().toCompletableFuture().join();
    return nse;
  }

  private NsmClient client() {
    return nsm.client("workload");
  }

  private static List<String> names(Vl3Nse nse, int chain) {
    return nse.describe().get(chain).flatten().stream().map(Description::name).toList();
  }

  private static void assertMissing(Vl3NseBuilder builder, String what) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(what + ": not set");
  }
}
