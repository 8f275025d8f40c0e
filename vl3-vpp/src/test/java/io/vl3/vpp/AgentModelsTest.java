package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.net.IpAddress;
import io.vl3.vpp.internal.ItemKind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentModelsTest {

  private static final VppSettings PLAIN = VppSettings.of("nse-a");
  private static final VppSettings NAT = PLAIN.withNatAddress(IpAddress.parse("203.0.113.5"));

  @Test
  void namesOfModels_areModuleVersionAndType() {
    assertThat(ItemKind.values())
        .extracting(ItemKind::model)
        .containsExactly(
            "vpp.v2.vrf-table",
            "vpp.v2.interfaces",
            "vpp.v2.route",
            "vpp.nat.v2.nat44-global",
            "vpp.nat.v2.nat44-pool",
            "vpp.nat.v2.nat44-interface",
            "vpp.nat.v2.dnat44");
  }

  @ParameterizedTest
  @CsvSource({
    "vpp.v2.l3xconnect, 3.0",
    "vpp.v2.l3xconnect vpp.ipsec.v2.tun-protect, 3.1",
    "vpp.v2.l3xconnect vpp.v2.teib, 3.2",
    "vpp.v2.teib vpp.dns.v1.dnscache, 3.3 to 3.5",
    "vpp.nat.v2.nat44-vrf vpp.v2.teib, later than 3.5",
    "vpp.v2.interfaces, ''"
  })
  void theNewestModel_tellsTheVersion(String models, String version) {
    assertThat(new AgentModels(Set.of(models.split(" "))).version())
        .map(AgentModels.Version::words)
        .isEqualTo(Optional.of(version).filter(words -> !words.isEmpty()));
  }

  @Test
  void whatOfOurModelsIsMissing_isNamed_sorted() {
    assertThat(with("vpp.v2.teib").without("vpp.v2.route", "vpp.nat.v2.dnat44").models().missing())
        .containsExactly("vpp.nat.v2.dnat44", "vpp.v2.route");
    assertThat(with("vpp.v2.teib").models().missing()).isEmpty();
    assertThat(new AgentModels(Set.of()).missing()).hasSize(ItemKind.values().length);
  }

  @Test
  void onlyWhatTheSettingsNeed_isObjectedTo() {
    Models noNat = with("vpp.v2.teib").without("vpp.nat.v2.nat44-global", "vpp.nat.v2.dnat44");
    assertThat(noNat.models().objection(PLAIN)).isEmpty();
    assertThat(noNat.models().objection(NAT))
        .contains(
            "model vpp.nat.v2.dnat44, vpp.nat.v2.nat44-global: unknown to it"
                + " (expected: known, as to versions 3.2 and later) [needed for NAT]");
    Models noTable = with("vpp.v2.teib").without("vpp.v2.vrf-table");
    assertThat(noTable.models().objection(PLAIN)).isEmpty();
    assertThat(noTable.models().objection(PLAIN.withVrf(7)))
        .contains(
            "model vpp.v2.vrf-table: unknown to it"
                + " (expected: known, as to versions 3.2 and later) [needed for a table of its own]");
  }

  @Test
  void severalPurposes_areNamedOnce() {
    assertThat(new AgentModels(Set.of()).objection(NAT.withVrf(7)).orElseThrow())
        .endsWith("[needed for a table of its own, links, NAT]");
  }

  @Test
  void versionBeforeUpdatesWait_isObjectedTo_whateverTheSettings() {
    assertThat(with("vpp.ipsec.v2.tun-protect").models().objection(PLAIN))
        .contains(
            "version: 3.1, by its models (expected: 3.2 or later) [it answers before things run]");
    assertThat(with("vpp.v2.teib").models().objection(PLAIN)).isEmpty();
  }

  @Test
  void agentThatIsNone_ofTheReleases_isTakenIfItKnowsWhatIsNeeded() {
    assertThat(with().models().version()).isEmpty();
    assertThat(with().models().objection(NAT.withVrf(7))).isEmpty();
    assertThat(with().models()).hasToString("no version, by its 7 models");
  }

  /** Models that we need, and others. */
  private record Models(Set<String> names) {
    Models without(String... fewer) {
      Set<String> left = new HashSet<>(names);
      left.removeAll(List.of(fewer));
      return new Models(left);
    }

    AgentModels models() {
      return new AgentModels(names);
    }
  }

  private static Models with(String... more) {
    Set<String> names = new HashSet<>(List.of(more));
    Arrays.stream(ItemKind.values()).map(ItemKind::model).forEach(names::add);
    return new Models(names);
  }
}
