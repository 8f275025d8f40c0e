package io.vl3.cli.soak;

import java.util.EnumSet;
import java.util.Set;

/** What is measured of a process again and again, and how much of it may come in half an hour. */
enum Figure {
  HEAP("heap after collection, MiB", 1.05, 1),
  RESIDENT("resident memory, MiB", 1.10, 4),
  DESCRIPTORS("descriptors", 1, 5),
  THREADS("threads", 1.1, 5),
  INTERFACES("interfaces", 1, 5),
  ROUTES("routes", 1.5, 20),
  CONNECTIONS("vl3_connections", 1, 5),
  WORKLOADS("vl3_workloads", 1, 5),
  BINDINGS("vl3_bindings", 1, 5),
  USED("vl3_addresses, used", 1.5, 20),
  RESTING("vl3_addresses, resting", 1, 5),
  PEERS("vl3_peers, up", 1, 0),
  MANAGER_CONNECTIONS("vl3_manager_connections", 1, 5),
  MANAGER_ENDPOINTS("vl3_manager_endpoints", 1, 0),
  TROUBLES("vl3_troubles", 1, 1),
  JOURNAL("journal, KiB", 2, 16),
  MANAGER_JOURNAL("manager's journal, KiB", 2, 16),
  LINK_RECORDS("records of links", 1, 10),
  NAMESPACES("namespaces", 1, 10);

  /** What is to be as it was before the churn when all is over, at each NSE. */
  static final Set<Figure> KEPT =
      EnumSet.of(
          WORKLOADS,
          BINDINGS,
          USED,
          RESTING,
          PEERS,
          MANAGER_CONNECTIONS,
          MANAGER_ENDPOINTS,
          INTERFACES,
          ROUTES,
          LINK_RECORDS,
          TROUBLES);

  private final String words;
  private final double factor;
  private final double more;

  Figure(String words, double factor, double more) {
    this.words = words;
    this.factor = factor;
    this.more = more;
  }

  String words() {
    return words;
  }

  /** The most that the last quarter's median may be, by that of the second quarter. */
  double most(double second) {
    return second * factor + more;
  }
}
