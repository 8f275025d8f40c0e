package io.vl3.endpoint.element;

import io.vl3.connection.Connection;

/** Tells whether packets still pass over a connection. Thread-safe. */
@FunctionalInterface
public interface LivenessProbe {

  /** Knows nothing, so nothing is alive. */
  LivenessProbe NONE = connection -> false;

  /** Probes once. Blocks, a few seconds at most; a probe that throws counts as not alive. */
  boolean alive(Connection connection);
}
