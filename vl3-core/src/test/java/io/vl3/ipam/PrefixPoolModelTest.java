package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Millions of seeded random operations, each compared with a model that looks at every address. */
class PrefixPoolModelTest {

  @ParameterizedTest
  @CsvSource({
    "1, 10.0.0.0/24, 600000",
    "2, 0.0.0.0/24, 300000",
    "3, 255.255.255.0/24, 300000",
    "4, 192.168.4.0/22, 200000",
    "5, 10.1.2.64/27, 300000",
    "6, 10.1.2.3/32, 20000",
    "7, 10.64.0.0/19, 30000",
    "8, 2001:db8::/120, 600000",
    "9, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120, 300000",
    "10, 2001:db8::/116, 50000",
    "11, 2001:db8::7/128, 20000",
  })
  void poolGivesWhatTheModelGives(int seed, String prefix, int operations) {
    new Run(new Random(seed), IpPrefix.parse(prefix)).operate(operations);
  }

  private static final class Run {
    private final Random random;
    private final IpPrefix prefix;
    private final int bits;
    private final BitSet taken = new BitSet();
    private final PrefixSet excluded;
    private final PrefixPool pool;
    private final List<IpPrefix> live = new ArrayList<>();

    Run(Random random, IpPrefix prefix) {
      this.random = random;
      this.prefix = prefix;
      this.bits = prefix.family().bits() - prefix.length();
      this.excluded = bits < 4 ? PrefixSet.EMPTY : PrefixSet.of(part(), part());
      this.pool = new PrefixPool(prefix, excluded);
      excluded.prefixes().forEach(e -> taken.set(offset(e), offset(e) + size(e)));
    }

    void operate(int operations) {
      PrefixSet untouched = pool.available();
      for (int i = 0; i < operations; i++) {
        // The share of frees swings, so that the pool runs full and empty again and again.
        boolean freeing = random.nextInt(100) < (i / 2000 % 2 == 0 ? 35 : 65);
        if (freeing && !live.isEmpty()) {
          free();
        } else {
          allocate();
        }
        if (i % 5000 == 0) {
          compareFreeSets();
        }
      }
      while (!live.isEmpty()) {
        free();
      }
      assertThat(pool.available()).isEqualTo(untouched);
      assertThat(pool.live()).isZero();
    }

    private void allocate() {
      switch (random.nextInt(4)) {
        case 0 -> allocateCertain();
        case 1 -> allocateLowest(PrefixSet.of(part(), part()), part());
        case 2 -> allocateLowest(PrefixSet.of(part()), prefix);
        default -> allocateLowest(PrefixSet.EMPTY, prefix);
      }
    }

    private void allocateCertain() {
      IpPrefix wanted = part();
      boolean expected = isFree(offset(wanted), size(wanted));
      assertThat(pool.allocate(wanted)).as("allocate %s", wanted).isEqualTo(expected);
      if (expected) {
        note(wanted);
      }
    }

    private void allocateLowest(PrefixSet avoiding, IpPrefix within) {
      int length = length();
      Optional<IpPrefix> expected = lowest(length, within, avoiding);
      Optional<IpPrefix> got = pool.allocate(length, within, avoiding);
      if (!got.equals(expected)) {
        assertThat(got).as("/%d within %s, not %s", length, within, avoiding).isEqualTo(expected);
      }
      expected.ifPresent(this::note);
    }

    private Optional<IpPrefix> lowest(int length, IpPrefix within, PrefixSet avoiding) {
      if (length < within.length()) {
        return Optional.empty();
      }
      int size = 1 << (prefix.family().bits() - length);
      for (int at = offset(within); at < offset(within) + size(within); at += size) {
        IpPrefix block = new IpPrefix(prefix.first().plus(at), length);
        if (isFree(at, size) && avoiding.prefixes().stream().noneMatch(block::overlaps)) {
          return Optional.of(block);
        }
      }
      return Optional.empty();
    }

    private void free() {
      int last = live.size() - 1;
      IpPrefix freed = live.set(random.nextInt(live.size()), live.get(last));
      live.remove(last);
      taken.clear(offset(freed), offset(freed) + size(freed));
      pool.free(freed);
    }

    private void note(IpPrefix block) {
      taken.set(offset(block), offset(block) + size(block));
      live.add(block);
    }

    private void compareFreeSets() {
      List<IpPrefix> free = new ArrayList<>();
      for (int at = 0; at < 1 << bits; at++) {
        if (!taken.get(at)) {
          free.add(prefix.first().plus(at).toPrefix());
        }
      }
      assertThat(pool.available()).isEqualTo(PrefixSet.of(free));
      assertThat(pool.live()).isEqualTo(live.size());
    }

    private boolean isFree(int at, int size) {
      int next = taken.nextSetBit(at);
      return next < 0 || next >= at + size;
    }

    /** Mostly small, sometimes large. */
    private int length() {
      int hostBits = Math.min(random.nextInt(bits + 1), random.nextInt(bits + 1));
      return prefix.family().bits() - hostBits;
    }

    private IpPrefix part() {
      return IpPrefix.containing(prefix.first().plus(random.nextInt(1 << bits)), length());
    }

    private int offset(IpPrefix block) {
      IpAddress first = block.first();
      return (int) (first.low() - prefix.first().low());
    }

    private int size(IpPrefix block) {
      return 1 << (block.family().bits() - block.length());
    }
  }
}
