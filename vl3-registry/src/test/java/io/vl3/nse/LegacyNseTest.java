package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.links.KernelInterfaces;
import io.vl3.mesh.MeshSettings;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.FakeForwarder02;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** NSEs at managers of NSM 0.2. */
class LegacyNseTest {

  private static final String SERVICE = "vl3-service";

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();

  @Test
  void aWorkloadIsServed_andTheGeneratedNameIsWhoWeAre() throws Exception {
    FakeDomain02 domain = domain("nsm1");
    Vl3Nse nse = started(nse(domain, "nse", 1, List.of()));

    assertThat(nse.registration().name()).startsWith(SERVICE).isNotEqualTo("nse");
    assertThat(domain.registry().names()).containsExactly(nse.registration().name());

    Connection served =
        domain
            .workload("pod")
            .request(FakeDomain02.workload(SERVICE, Map.of("podName", "web")));
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

  private static void joined(FakeDomain02 one, FakeDomain02 two) {
    one.registry().domain("two.example", two.registry());
    two.registry().domain("one.example", one.registry());
  }

  private FakeDomain02 domain(String manager) throws Exception {
    return rig.closing(new FakeDomain02(rig.runtime(), manager, FakeForwarder02.NONE));
  }

  private Vl3NseBuilder nse(FakeDomain02 domain, String name, int third, List<String> remote)
      throws Exception {
    return Vl3Nse.builder(rig.runtime(), name, SERVICE)
        .nsm(NsmEdge.v02(domain.access(name)))
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
