package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.connection.Route;
import io.vl3.endpoint.ChainRig;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Links as a forwarder of somebody else makes them: Ethernet between the two sides, where a packet
 * needs somebody who answers for the address that it is sent to, and routes exactly as answered.
 */
@RequiresNetns
class LayerTwoLinksTest {

  private final TestNetns fixtures = new TestNetns("l2");

  @AfterEach
  void tearDown() throws IOException {
    fixtures.close();
  }

  @ParameterizedTest
  @EnumSource(AddressingMode.class)
  void routesAsAnswered_leadFromWorkloadToWorkload(AddressingMode mode) throws Exception {
    Netns nse = fixtures.add("n");
    List<Netns> workloads = fixtures.addAll(List.of("a", "b"));
    FixedPrefixes own =
        new FixedPrefixes(
            List.of(IpPrefix.parse("10.60.1.0/24"), IpPrefix.parse("2001:db8:1::/64")));
    List<IpPrefix> pools = List.of(IpPrefix.parse("10.60.0.0/16"), IpPrefix.parse("2001:db8::/32"));
    EndpointRecord self = EndpointRecord.of("nse", "service", Map.of(), "");
    ChainRig rig =
        new ChainRig()
            .run(
                new DiscoverPeers(() -> KnownPeers.of(List.of(), true)),
                IpamEndpoint.of(own, mode),
                new Vl3Endpoint(
                    new Vl3Network(() -> self, own, pools, List.of()), new PrefixTable()));
    List<Connection> answers = new ArrayList<>();
    try (Router router = Router.prepare(nse)) {
      for (int i = 0; i < 2; i++) {
        Connection answer = rig.request(rig.connection("w" + i));
        answers.add(answer);
        join(workloads.get(i), nse, "w" + i, answer);
      }
      assertThat(router.observe().interfaces()).containsExactly("w0", "w1");
      for (InterfaceAddress there : answers.get(1).ip().clientAddresses()) {
        boolean alive =
            new IcmpProbe().alive(workloads.get(0).url(), there.address(), Duration.ofSeconds(10));
        assertThat(alive).as("%s, routes %s", there, answers.get(0).ip().clientRoutes()).isTrue();
      }
    }
  }

  private static void join(Netns workload, Netns nse, String atNse, Connection answer)
      throws IOException {
    run(
        "link add nsm0 netns %s type veth peer name %s netns %s"
            .formatted(name(workload), atNse, name(nse)));
    side(workload, "nsm0", answer.ip().clientAddresses());
    side(nse, atNse, answer.ip().endpointAddresses());
    routes(workload, "nsm0", answer.ip().clientRoutes());
    routes(nse, atNse, answer.ip().endpointRoutes());
  }

  private static void side(Netns netns, String device, List<InterfaceAddress> addresses)
      throws IOException {
    for (InterfaceAddress address : addresses) {
      String usable = address.family() == IpFamily.IPV6 ? " nodad" : "";
      run("-n %s address add %s dev %s%s".formatted(name(netns), address, device, usable));
    }
    run("-n %s link set %s up".formatted(name(netns), device));
  }

  private static void routes(Netns netns, String device, List<Route> routes) throws IOException {
    for (Route route : routes) {
      String way = route.nextHop().map(hop -> " via " + hop + " onlink").orElse("");
      run(
          "-n %s route replace %s dev %s%s"
              .formatted(name(netns), route.destination(), device, way));
    }
  }

  private static void run(String words) throws IOException {
    assertThat(KernelState.ip(words.split(" ", -1))).as(words).isEmpty();
  }

  private static String name(Netns netns) {
    return String.valueOf(netns.path().getFileName());
  }
}
