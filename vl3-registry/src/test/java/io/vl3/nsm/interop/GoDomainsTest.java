package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.ipam.FixedPrefixes;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two domains of the reference's, joined by its proxies of registries and managers: our endpoint in
 * one finds the peer in the other as {@code NAME@DOMAIN} and links with it.
 */
@RequiresGo
class GoDomainsTest {

  private GoMesh mesh;
  private Domain here;
  private Domain there;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
    here = new Domain("here.test");
    there = new Domain("there.test");
    here.start(there, "VXLAN");
    there.start(here, "KERNEL");
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void aPeerOfAnotherDomain_isFoundAndLinked() throws Exception {
    GoPeer other =
        mesh.closing(
            mesh.start(
                "other",
                List.of(
                    "endpoint",
                    "-name",
                    "other",
                    "-connect",
                    there.manager,
                    "-listen",
                    mesh.urlFor("other").toString(),
                    "-prefixes",
                    "10.0.1.0/24")));

    OwnNse own = own();

    Eventually.until("linked", () -> own.isUp("other@there.test"));
    assertThat(own.mesh.status())
        .singleElement()
        .satisfies(
            peer -> assertThat(peer.prefixes()).containsExactly(IpPrefix.parse("10.0.1.0/24")));
    other.await(
        "served to us",
        line ->
            line.event().equals("served")
                && Asked.lines(line.connection())
                    .containsAll(List.of("src 10.0.0.0/32", "dst 10.0.1.0/32")));
  }

  private OwnNse own() throws Exception {
    NsmRuntime runtime = mesh.runtime();
    ManagerAccess access =
        mesh.closing(
            ManagerAccess.open(
                runtime, here.manager, runtime.tokens("own", Duration.ofMinutes(10))));
    return mesh.closing(
        new OwnNse(
            runtime,
            access,
            mesh.urlFor("own"),
            "own",
            new FixedPrefixes(List.of(IpPrefix.parse("10.0.0.0/24"))),
            List.of("10.0.0.0/16"),
            List.of(there.name)));
  }

  /** A registry, its proxies, and a node's manager and forwarder; the domains meet by TCP. */
  private final class Domain {

    final String name;
    final String registry = url();
    final String registries = url();
    final String managers = url();
    final String manager;

    Domain(String name) throws IOException {
      this.name = name;
      this.manager = mesh.urlFor("manager-" + name).toString();
    }

    /** Starts all; the forwarder asks for a mechanism. */
    void start(Domain other, String offers) throws Exception {
      List<String> domain =
          new ArrayList<>(
              List.of(
                  "domain", "-listen", registry, "-registries", registries, "-managers", managers));
      for (Domain each : List.of(this, other)) {
        domain.addAll(List.of("-srv", srv("registry.nsm-system", each, each.registry)));
        domain.addAll(List.of("-srv", srv("nsmgr-proxy.nsm-system", each, each.managers)));
      }
      mesh.closing(mesh.start(name, domain));
      mesh.closing(
          mesh.start(
              "manager-" + name,
              List.of(
                  "manager",
                  "-name",
                  "manager-" + name,
                  "-listen",
                  manager,
                  "-public",
                  url(),
                  "-registry",
                  registry,
                  "-forwarder",
                  mesh.urlFor("forwarder-" + name).toString(),
                  "-offers",
                  offers)));
    }
  }

  private static String srv(String service, Domain domain, String url) {
    return service + "." + domain.name + "=" + url.substring("tcp://".length());
  }

  /** A port that is free now. */
  private static String url() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "tcp://127.0.0.1:" + socket.getLocalPort();
    }
  }
}
