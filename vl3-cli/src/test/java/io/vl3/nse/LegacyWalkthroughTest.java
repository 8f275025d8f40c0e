package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.FakeForwarder02;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The original's walkthrough of two domains, with managers of NSM 0.2 and VPP: what a peer is
 * asked, and what both VPPs have.
 */
class LegacyWalkthroughTest {

  private static final String SERVICE = "vl3-service";

  /** Longer than the test: who is not known yet is searched when it asks. */
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();

  @Test
  void workload_peerDialled_peerReceived_close() throws Exception {
    FakeDomain02 one = domain("n1");
    FakeDomain02 two = domain("n2");
    one.registry().domain("two.example", two.registry());
    two.registry().domain("one.example", one.registry());
    try (LegacyVppNse first = nse(one, "nse-1", 232, "two.example");
        LegacyVppNse second = nse(two, "nse-2", 233, "one.example")) {
      first.start();
      Connection workload =
          one.workload("pod").request(FakeDomain02.workload(SERVICE, Map.of("podName", "web-1")));
      assertThat(first.state())
          .isEqualTo(
              """
              memif web-1 master ETHERNET socket nse-1-0.sock ring 512 rx [INTERRUPT] queues 1/1 addresses 10.60.232.2/32 up
              route 10.60.232.1/32 via 10.60.232.1 over web-1
              """);

      second.start();
      first.awaitPeer(second.name() + "@two.example");
      second.awaitPeer(first.name() + "@one.example");

      assertThat(dialled(two))
          .as("the later name dials, as nobody knows who is older")
          .isEqualTo(expectedRequest(second.name(), first.name()));
      assertThat(second.state())
          .isEqualTo(
              """
              memif peer-vl3-servicen1a-one-example slave ETHERNET socket vl3-servicen1a/memif.sock ring 512 rx [INTERRUPT] queues 1/1 addresses 10.60.232.5/32 up
              route 10.60.232.0/24 via 10.60.232.6 over peer-vl3-servicen1a-one-example
              route 10.60.232.6/32 via 10.60.232.6 over peer-vl3-servicen1a-one-example
              """);
      assertThat(first.state().lines().sorted().toList())
          .containsExactly(
              "memif peer-vl3-servicen2a master ETHERNET socket nse-1-1.sock ring 512 rx"
                  + " [INTERRUPT] queues 1/1 addresses 10.60.232.6/32 up",
              "memif web-1 master ETHERNET socket nse-1-0.sock ring 512 rx [INTERRUPT] queues 1/1"
                  + " addresses 10.60.232.2/32 up",
              "route 10.60.232.1/32 via 10.60.232.1 over web-1",
              "route 10.60.232.5/32 via 10.60.232.5 over peer-vl3-servicen2a",
              "route 10.60.233.0/24 via 10.60.232.5 over peer-vl3-servicen2a");

      one.workload("pod2").close(workload);
      Eventually.until("the workload's link is gone", () -> !first.state().contains("web-1"));
      second.leave();
      Eventually.until("everything is gone", () -> first.state().isEmpty());
      assertThat(second.state()).isEmpty();
      assertThat(one.manager().connections()).isEmpty();
      assertThat(two.manager().connections()).isEmpty();
    }
  }

  private LegacyVppNse nse(FakeDomain02 domain, String name, int third, String remote)
      throws Exception {
    return new LegacyVppNse(
        rig.runtime(), domain.access(name, INTERVAL), name, SERVICE, third, List.of(remote));
  }

  private static String dialled(FakeDomain02 domain) {
    List<String> wanted = domain.manager().wanted(SERVICE + "@one.example");
    assertThat(wanted).hasSize(1);
    return wanted.get(0).replaceFirst("(?<=vl3Nse/instance\"\n    value: \")[^\"]*", "RUN");
  }

  private FakeDomain02 domain(String manager) throws Exception {
    return rig.closing(new FakeDomain02(rig.runtime(), manager, FakeForwarder02.NONE));
  }

  private static String expectedRequest(String own, String peer) throws Exception {
    String inode = Files.getAttribute(java.nio.file.Path.of("/proc/self/ns/net"), "unix:ino") + "";
    return """
    connection {
      network_service: "vl3-service@one.example"
      context {
        ip_context {
          src_ip_required: true
          dst_ip_required: true
          src_routes {
            prefix: "10.60.233.0/24"
          }
        }
      }
      labels {
        key: "vl3Nse/instance"
        value: "RUN"
      }
      labels {
        key: "vl3Nse/nseSource/endpointName"
        value: "OWN"
      }
      path {
        path_segments {
          name: "n1"
        }
      }
      network_service_endpoint_name: "PEER"
    }
    mechanism_preferences {
      cls: "LOCAL"
      type: "MEMIF"
      parameters {
        key: "description"
        value: "VPP interface PEER"
      }
      parameters {
        key: "name"
        value: "PEER"
      }
      parameters {
        key: "netnsInode"
        value: "INODE"
      }
      parameters {
        key: "socketfile"
        value: "PEER/memif.sock"
      }
    }
    """
        .replace("OWN", own)
        .replace("PEER", peer)
        .replace("INODE", inode);
  }
}
