package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.net.IpAddress;
import io.vl3.vpp.MemifSettings;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.testing.FakeVppModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A real VPP and the fake have the same after each step of a scenario, and nothing at its end. What
 * the real one has is read over its API without the code under test.
 */
@EnabledIfSystemProperty(named = GivenVpp.SOCKET, matches = ".+", disabledReason = GivenVpp.NONE)
class GivenVppTest {

  private static final VppSettings SETTINGS = VppSettings.of("given");

  @TempDir Path directory;

  /** Links that are put one after another, and taken away in the same order. */
  record Scenario(String name, VppSettings settings, List<Link> links) {

    /** By files, where a version knows no other names of sockets. */
    Scenario of(String version) {
      return version.equals("22.10")
          ? new Scenario(name, settings, links.stream().map(SomeLinks::byFile).toList())
          : this;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Scenario> ALL =
      List.of(
          scenario(
              "workload",
              SETTINGS,
              SomeLinks.numbered("web", 1, List.of("10.9.0.0/16", "fd09::/32"))),
          scenario(
              "shared address",
              SETTINGS,
              SomeLinks.unnumbered(
                  "one", List.of("10.0.0.1", "fd00::1"), List.of("10.1.0.1", "fd01::1")),
              SomeLinks.unnumbered("two", "10.0.0.1", "10.2.0.1"),
              SomeLinks.unnumbered("three", "fd00::1", "fd03::1")),
          scenario(
              "table",
              SETTINGS.withVrf(7),
              SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"),
              SomeLinks.numbered("web", 1, List.of("10.9.0.0/16"))),
          scenario(
              "table of both families",
              SETTINGS.withVrf(8),
              SomeLinks.unnumbered(
                  "peer", List.of("10.0.0.1", "fd00::1"), List.of("10.2.0.1", "fd02::1"))),
          scenario(
              "MTU",
              SETTINGS.withMemif(MemifSettings.DEFAULT.withMtuBytes(1300)),
              SomeLinks.numbered("ip", 1, List.of()),
              SomeLinks.framed(SomeLinks.numbered("eth", 2, List.of())),
              SomeLinks.withMtu(SomeLinks.numbered("ip", 1, List.of()), 1280)),
          scenario(
              "made anew",
              SETTINGS,
              SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")),
              SomeLinks.withSocket(
                  SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")),
                  "/run/vl3/memif/other.sock")),
          scenario(
              "route taken over",
              SETTINGS,
              SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")),
              SomeLinks.numbered("db", 2, List.of("10.9.0.0/16"))),
          scenario(
              "translation",
              SETTINGS.withNatAddress(IpAddress.parse("203.0.113.5")),
              SomeLinks.forwarding(SomeLinks.numbered("web", 1, List.of()), 80, 443),
              SomeLinks.forwarding(SomeLinks.numbered("web", 1, List.of()), 443),
              SomeLinks.forwarding(SomeLinks.numbered("db", 2, List.of()), 80)));

  private static Scenario scenario(String name, VppSettings settings, Link... links) {
    return new Scenario(name, settings, List.of(links));
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void realAndFake_haveTheSame(Scenario scenario) throws Exception {
    List<String> real;
    String version;
    try (GivenVpp vpp = GivenVpp.byProperties()) {
      version = vpp.version();
      real = play(scenario.of(version), vpp);
    }
    FakeVppModel model = new FakeVppModel();
    try (FakeVppServer server = FakeVppServer.start(directory.resolve("api.sock"), version, model);
        GivenVpp vpp =
            GivenVpp.at(server.socket(), FakeVppServer.describe(directory.resolve("d"), version))) {
      assertThat(real).isEqualTo(play(scenario.of(version), vpp));
    }
    assertThat(real.get(real.size() - 1)).as("nothing is left").isEqualTo(real.get(0));
  }

  private static List<String> play(Scenario scenario, GivenVpp vpp) throws Exception {
    List<String> seen = new ArrayList<>(List.of(vpp.state()));
    VppDataPlane plane = vpp.open(scenario.settings);
    for (Link link : scenario.links) {
      seen.add(plane.apply(List.of(new LinkChange.Put(link))).toString());
      seen.add(vpp.state());
      assertThat(plane.observe()).contains(link.key());
      assertThat(plane.status().problems()).as("what was read is what was wanted").isEmpty();
      assertThat(vpp.state()).as("a look changes nothing").isEqualTo(seen.get(seen.size() - 1));
    }
    for (LinkKey key : scenario.links.stream().map(Link::key).distinct().toList()) {
      seen.add(plane.apply(List.of(new LinkChange.Remove(key))).toString());
      seen.add(vpp.state());
    }
    return seen;
  }
}
