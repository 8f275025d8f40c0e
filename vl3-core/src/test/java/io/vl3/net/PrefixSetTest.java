package io.vl3.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixSetTest {

  private static final IpPrefix V4 = IpPrefix.parse("10.0.0.0/24");
  private static final IpPrefix V6 = IpPrefix.parse("2001:db8::/120");

  @Test
  void of_mergesHalvesAndDropsTheCovered() {
    assertThat(set("10.0.1.0/24", "10.0.0.0/25", "10.0.0.128/25", "10.0.0.7/32"))
        .hasToString("{10.0.0.0/23}");
    assertThat(set("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"))
        .hasToString("{0.0.0.0/0, ::/0}");
    assertThat(set("10.0.1.0/24", "10.0.2.0/24")).hasToString("{10.0.1.0/24, 10.0.2.0/24}");
  }

  @Test
  void subtract_oneAddressOfEverything_leavesAllOther() {
    PrefixSet rest = set("::/0").subtract(set("::/128"));
    assertThat(rest.prefixes()).hasSize(128);
    assertThat(rest.contains(IpAddress.parse("::"))).isFalse();
    assertThat(rest.contains(IpAddress.parse("::1"))).isTrue();
    assertThat(rest.union(set("::/128"))).isEqualTo(set("::/0"));
  }

  @Test
  void firstOutside_atTheFamiliesEnds() {
    assertThat(set("::/0").firstOutside(IpPrefix.parse("::/0"))).isEmpty();
    assertThat(set("0.0.0.0/0").firstOutside(IpPrefix.parse("::/0")))
        .contains(IpAddress.parse("::"));
    assertThat(set("255.255.255.254/31").firstOutside(IpPrefix.parse("255.255.255.252/30")))
        .contains(IpAddress.parse("255.255.255.252"));
    assertThat(set("255.255.255.254/31").firstOutside(IpPrefix.parse("255.255.255.255/32")))
        .isEmpty();
    assertThat(set("10.0.0.0/31", "10.0.0.2/32").firstOutside(IpPrefix.parse("10.0.0.1/32")))
        .isEmpty();
  }

  @Test
  void families_neverMix() {
    PrefixSet both = set("0.0.0.0/0");
    assertThat(both.contains(IpAddress.parse("::"))).isFalse();
    assertThat(both.overlaps(IpPrefix.parse("::/0"))).isFalse();
    assertThat(both.subtract(set("::/0"))).isEqualTo(both);
  }

  @Test
  void blocks_countsAlignedBlocks_andSaturates() {
    assertThat(set("10.0.0.0/24").blocks(IpFamily.IPV4, 30)).isEqualTo(64);
    assertThat(set("10.0.0.1/32", "10.0.0.2/31").blocks(IpFamily.IPV4, 31)).isEqualTo(1);
    assertThat(set("::/0").blocks(IpFamily.IPV6, 128)).isEqualTo(Long.MAX_VALUE);
    assertThat(set("::/0").blocks(IpFamily.IPV4, 32)).isZero();
  }

  @Test
  void algebra_agreesWithSetsOfAddresses() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      IpPrefix space = i % 2 == 0 ? V4 : V6;
      List<IpPrefix> a = parts(random, space);
      List<IpPrefix> b = parts(random, space);
      BitSet bitsA = bits(space, a);
      BitSet bitsB = bits(space, b);
      PrefixSet setA = PrefixSet.of(a);
      PrefixSet setB = PrefixSet.of(b);

      BitSet union = (BitSet) bitsA.clone();
      union.or(bitsB);
      assertThat(setA.union(setB)).isEqualTo(set(space, union));
      BitSet difference = (BitSet) bitsA.clone();
      difference.andNot(bitsB);
      assertThat(setA.subtract(setB)).isEqualTo(set(space, difference));
      int outside = bitsA.nextClearBit(0);
      assertThat(setA.firstOutside(space))
          .isEqualTo(outside < 256 ? Optional.of(space.first().plus(outside)) : Optional.empty());
      BitSet common = (BitSet) bitsA.clone();
      common.and(bitsB);
      assertThat(setA.intersect(setB)).isEqualTo(set(space, common));
      checkQueries(space, setA, bitsA, part(random, space));
    }
  }

  private static void checkQueries(IpPrefix space, PrefixSet set, BitSet bits, IpPrefix asked) {
    BitSet of = bits(space, List.of(asked));
    BitSet common = (BitSet) of.clone();
    common.and(bits);
    assertThat(set.overlaps(asked)).isEqualTo(!common.isEmpty());
    assertThat(set.contains(asked)).isEqualTo(common.equals(of));
    assertThat(set.contains(asked.last())).isEqualTo(bits.get(of.length() - 1));
  }

  private static List<IpPrefix> parts(Random random, IpPrefix space) {
    List<IpPrefix> parts = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      parts.add(part(random, space));
    }
    return parts;
  }

  private static IpPrefix part(Random random, IpPrefix space) {
    return IpPrefix.containing(
        space.first().plus(random.nextInt(256)), space.length() + random.nextInt(9));
  }

  private static BitSet bits(IpPrefix space, List<IpPrefix> prefixes) {
    BitSet bits = new BitSet();
    for (IpPrefix prefix : prefixes) {
      bits.set(
          (int) (prefix.first().low() - space.first().low()),
          (int) (prefix.last().low() - space.first().low()) + 1);
    }
    return bits;
  }

  private static PrefixSet set(IpPrefix space, BitSet bits) {
    return PrefixSet.of(bits.stream().mapToObj(i -> space.first().plus(i).toPrefix()).toList());
  }

  private static PrefixSet set(String... prefixes) {
    return PrefixSet.of(Arrays.stream(prefixes).map(IpPrefix::parse).toList());
  }
}
