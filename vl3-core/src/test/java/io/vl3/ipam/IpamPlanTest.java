package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.ipam.IpamPlan.EndpointPlan;
import io.vl3.ipam.IpamPlan.Overlap;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpamPlanTest {

  private static final List<IpPrefix> POOL = prefixes("10.60.0.0/16");

  @Test
  void originalsReadme() {
    IpamPlan plan = plan(POOL, PrefixRule.octets(POOL, 232), 2, "", "");
    assertThat(plan.works()).isTrue();
    assertThat(plan.capacity()).isEqualTo(24);
    EndpointPlan first = plan.endpoints().get(0);
    assertThat(first.prefixes()).isEqualTo(prefixes("10.60.232.0/24"));
    assertThat(first.workloads()).isEqualTo(64);
    assertThat(first.paddingAddresses()).isEqualTo(128);
    assertThat(first.legacyPeerBlocks()).isEqualTo(1);
    assertThat(first.first().get(0).client()).hasToString("[10.60.232.1/30]");
    assertThat(first.first().get(1).client()).hasToString("[10.60.232.5/30]");
    assertThat(plan.endpoints().get(1).prefixes()).isEqualTo(prefixes("10.60.233.0/24"));
  }

  @Test
  void unnumberedDualStack_leastFamilyCounts() {
    List<IpPrefix> pools = prefixes("10.0.0.0/16", "2001:db8::/64");
    IpamPlan plan =
        IpamPlan.of(
            new IpamPlan.Input(
                pools,
                PrefixRule.nth(pools, 24, 112, 0),
                AddressingMode.UNNUMBERED,
                PrefixSet.EMPTY,
                List.of(),
                1,
                1,
                false));
    EndpointPlan only = plan.endpoints().get(0);
    assertThat(only.workloads()).isEqualTo(254);
    assertThat(only.paddingAddresses()).isZero();
    assertThat(only.first().get(0).client()).hasToString("[10.0.0.1/32, 2001:db8::1/128]");
    assertThat(plan.capacity()).isEqualTo(256);
  }

  @Test
  void unnumbered_exclusionsAtTheStart_theEndpointTakesTheFirstThatIsLeft() {
    IpamPlan plan =
        IpamPlan.of(unnumbered("10.0.0.0/24", PrefixSet.of(IpPrefix.parse("10.0.0.0/29"))));
    EndpointPlan only = plan.endpoints().get(0);
    assertThat(only.first().get(0).endpoint()).hasToString("[10.0.0.8/32]");
    assertThat(only.first().get(0).client()).hasToString("[10.0.0.9/32]");
    assertThat(only.workloads()).isEqualTo(246);
    assertThat(only.lostToExclusions()).isEqualTo(8);
    assertThat(plan.works()).isTrue();
  }

  private static IpamPlan.Input unnumbered(String prefix, PrefixSet excluded) {
    return new IpamPlan.Input(
        prefixes(prefix),
        PrefixRule.fixed(List.of(prefixes(prefix))),
        AddressingMode.UNNUMBERED,
        excluded,
        List.of(),
        1,
        2,
        false);
  }

  @Test
  void exclusions_costWhatTheyTouch_andShiftTheFirstAddresses() {
    IpamPlan plan = plan(POOL, PrefixRule.nth(POOL, 24, 64, 0), 1, "10.60.0.2/31", "");
    EndpointPlan only = plan.endpoints().get(0);
    assertThat(only.workloads()).isEqualTo(63);
    assertThat(only.lostToExclusions()).isEqualTo(1);
    assertThat(only.first().get(0).client()).hasToString("[10.60.0.5/30]");
    assertThat(plan.works()).isTrue();
    assertThat(plan.overlaps()).hasSize(1);
  }

  @Test
  void everythingExcluded_cannotWork() {
    IpamPlan plan = plan(POOL, PrefixRule.nth(POOL, 24, 64, 0), 1, "10.60.0.0/20", "");
    assertThat(plan.problems()).singleElement().asString().contains("10.60.0.0/24", "excluded");
    assertThat(plan.endpoints().get(0).first()).isEmpty();
  }

  @Test
  void moreEndpointsThanPrefixes_saysWhenThePoolIsExhausted() {
    List<IpPrefix> pool = prefixes("10.60.0.0/22");
    IpamPlan plan = plan(pool, PrefixRule.nth(pool, 24, 64, 0), 9, "", "");
    assertThat(plan.endpoints()).hasSize(4);
    assertThat(plan.capacity()).isEqualTo(4);
    assertThat(plan.problems())
        .singleElement()
        .asString()
        .contains("endpoint 5 of 9", "10.60.0.0/22");
  }

  @Test
  void octetsOutsideANarrowPool_endTheCapacity() {
    List<IpPrefix> pool = prefixes("10.60.0.0/20");
    assertThat(PrefixRule.octets(pool, 10).capacity()).isEqualTo(6);
    assertThat(plan(pool, PrefixRule.octets(pool, 200), 1, "", "").problems())
        .singleElement()
        .asString()
        .contains("10.60.200.0/24");
  }

  @Test
  void prefixLongerThanThePoolAllows_isAProblemNotACrash() {
    assertThat(plan(POOL, PrefixRule.nth(POOL, 12, 64, 0), 1, "", "").works()).isFalse();
  }

  @Test
  void overlaps_namedBothSides() {
    List<IpPrefix> pools = prefixes("10.60.0.0/16", "10.60.4.0/22");
    PrefixRule rule =
        PrefixRule.fixed(
            List.of(prefixes("10.60.1.0/24"), prefixes("10.60.0.0/22"), prefixes("10.60.1.0/25")));
    IpamPlan plan = plan(pools, rule, 3, "", "10.0.0.0/8");
    assertThat(plan.overlaps())
        .extracting(Overlap::toString)
        .containsExactly(
            "pool 10.60.0.0/16 overlaps pool 10.60.4.0/22",
            "pool 10.60.0.0/16 overlaps avoided 10.0.0.0/8",
            "pool 10.60.4.0/22 overlaps avoided 10.0.0.0/8",
            "prefix of endpoint 1 10.60.1.0/24 overlaps prefix of endpoint 2 10.60.0.0/22",
            "prefix of endpoint 3 10.60.1.0/25 overlaps prefix of endpoint 2 10.60.0.0/22");
    assertThat(plan.problems()).hasSize(5);
  }

  @Test
  void prefixOutsideThePools_isAProblem() {
    IpamPlan plan = plan(POOL, PrefixRule.fixed(List.of(prefixes("10.61.0.0/24"))), 1, "", "");
    assertThat(plan.problems()).singleElement().asString().contains("10.61.0.0/24", "10.60.0.0/16");
  }

  @Test
  void legacyPeersThatUseUpThePrefix_areAProblem() {
    IpamPlan plan =
        IpamPlan.of(
            new IpamPlan.Input(
                POOL,
                PrefixRule.nth(POOL, 24, 64, 0),
                AddressingMode.POINT_TO_POINT,
                PrefixSet.EMPTY,
                List.of(),
                100,
                0,
                true));
    assertThat(plan.problems()).hasSize(36).first().asString().contains("endpoint 1", "99 blocks");
  }

  private static IpamPlan plan(
      List<IpPrefix> pools, PrefixRule rule, int endpoints, String excluded, String avoid) {
    return IpamPlan.of(
        new IpamPlan.Input(
            pools,
            rule,
            AddressingMode.POINT_TO_POINT,
            PrefixSet.of(prefixes(excluded)),
            prefixes(avoid),
            endpoints,
            2,
            false));
  }

  private static List<IpPrefix> prefixes(String... texts) {
    return Arrays.stream(texts).filter(text -> !text.isEmpty()).map(IpPrefix::parse).toList();
  }
}
