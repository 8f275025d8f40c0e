package io.vl3.nsm.manager;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The VXLAN network identifiers that this node uses, each once. New ones are drawn at random, so
 * that two nodes seldom propose the same. Thread-safe.
 */
final class VniPool {

  static final int MAX = (1 << 24) - 1;
  private static final int DRAWS = 64;

  private final RandomGenerator random;
  private final Set<Integer> used = new HashSet<>();

  VniPool(RandomGenerator random) {
    this.random = random;
  }

  /** A free identifier, now taken. */
  synchronized int take() throws EndpointException {
    for (int i = 0; i < DRAWS; i++) {
      int drawn = random.nextInt(1, MAX + 1);
      if (used.add(drawn)) {
        return drawn;
      }
    }
    throw new EndpointException(
        Reason.EXHAUSTED, "vni: none found (expected: a free one) [" + used.size() + " in use]");
  }

  /** Takes the given identifier; answers whether it was free. */
  synchronized boolean take(int vni) {
    return used.add(vni);
  }

  synchronized void free(int vni) {
    used.remove(vni);
  }

  synchronized int size() {
    return used.size();
  }
}
