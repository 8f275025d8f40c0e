package io.vl3.nameserver.internal;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Places of which there are so many, and so many for one source at most, so that nobody alone takes
 * them all. Thread-safe; empty when every place was given back.
 */
final class Shares {

  private final int all;
  private final int ofOne;
  private final Map<InetAddress, Integer> taken = new HashMap<>();
  private int total;

  Shares(int all, int ofOne) {
    this.all = all;
    this.ofOne = ofOne;
  }

  /** Takes a place; false if there is none, or none for this source. */
  synchronized boolean tryTake(InetAddress source) {
    if (total >= all || of(source) >= ofOne) {
      return false;
    }
    taken.merge(source, 1, Integer::sum);
    total++;
    return true;
  }

  /** Gives a place back that was taken. */
  synchronized void giveBack(InetAddress source) {
    taken.computeIfPresent(source, (s, count) -> count == 1 ? null : count - 1);
    total--;
  }

  private int of(InetAddress source) {
    return taken.getOrDefault(source, 0);
  }
}
