package io.vl3.mesh.sim;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Who reaches whom, and how fast. Places are named; a pair has no direction. */
final class Network {

  private static final int LATENCY_NANOS = 2_000_000;

  private final Scheduler scheduler;
  private final Set<String> isolated = new HashSet<>();
  private final Set<String> cut = new HashSet<>();
  private final Set<String> slow = new HashSet<>();
  private boolean instant;

  Network(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Calls take no time but over slow links, so that few threads wait: for simulations of many. */
  void instant(boolean now) {
    instant = now;
  }

  boolean isInstant() {
    return instant;
  }

  boolean reaches(String one, String other) {
    return !isolated.contains(one) && !isolated.contains(other) && !cut.contains(pair(one, other));
  }

  long latency(String one, String other) {
    long base = instant ? 0 : 1 + scheduler.random().nextInt(LATENCY_NANOS);
    return slow.contains(pair(one, other))
        ? base + scheduler.random().nextLong(Duration.ofSeconds(3).toNanos())
        : base;
  }

  void isolate(String place) {
    isolated.add(place);
  }

  void cut(String one, String other) {
    cut.add(pair(one, other));
  }

  void slow(String one, String other) {
    slow.add(pair(one, other));
  }

  /** As if nothing had happened. */
  void repair() {
    isolated.clear();
    cut.clear();
    slow.clear();
  }

  private static String pair(String one, String other) {
    return one.compareTo(other) < 0 ? one + "|" + other : other + "|" + one;
  }
}
