package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vl3.net.IpPrefix;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What an allocation costs must not grow with how many live. Counted in nodes that are looked at,
 * and in bytes allocated, which tell of every list that is copied; the same on any machine.
 */
class PoolCostTest {

  private static final int FEW = 100;
  private static final int MANY = 10_000;
  private static final int ROUNDS = 1_000;
  private static final int LENGTH = 30;

  /** Finding, taking and giving back, three nodes each at most in a /8, and as many looks. */
  private static final int MOST_STEPS = 4 * 3;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void anAllocation_costsAsMuch_howeverManyLive() {
    assertThat(cost(FEW).bytes()).as("loads classes").isPositive();
    Cost few = cost(FEW);
    Cost many = cost(MANY);
    assertThat(many.steps()).isLessThanOrEqualTo(MOST_STEPS).isLessThan(few.steps() * 5 / 4 + 1);
    assertThat(many.bytes()).isLessThan(few.bytes() * 5 / 4);
  }

  /** Of one that is given back and one that is taken, on average. */
  private record Cost(long steps, long bytes) {}

  /** The live ones lie anywhere, as after some days of workloads that come and go. */
  private Cost cost(int live) {
    PrefixPool pool = new PrefixPool(IpPrefix.parse("10.0.0.0/8"));
    Random random = new Random(live);
    List<IpPrefix> all = new ArrayList<>();
    for (int i = 0; i < 2 * live; i++) {
      all.add(pool.allocate(LENGTH).orElseThrow());
    }
    for (int i = 0; i < live; i++) {
      pool.free(all.remove(random.nextInt(all.size())));
    }
    run(pool, all, random); // loads classes, and makes the nodes that are kept in reserve
    long steps = pool.steps();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    run(pool, all, random);
    return new Cost(
        (pool.steps() - steps) / ROUNDS,
        (threads.getCurrentThreadAllocatedBytes() - bytes) / ROUNDS);
  }

  private static void run(PrefixPool pool, List<IpPrefix> live, Random random) {
    for (int i = 0; i < ROUNDS; i++) {
      int one = random.nextInt(live.size());
      pool.free(live.get(one));
      live.set(one, pool.allocate(LENGTH).orElseThrow());
    }
  }
}
