package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.net.IpAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Tells whether packets still pass over a connection. Thread-safe. */
@FunctionalInterface
public interface LivenessProbe {

  /** Knows nothing, so nothing is alive. */
  LivenessProbe NONE = connection -> false;

  /** Probes once. Blocks, a few seconds at most; a probe that throws counts as not alive. */
  boolean alive(Connection connection);

  /**
   * Whether an address answers over the connection. Blocks, a few seconds at most; one that throws
   * counts as no answer. Only a probe that overrides this can tell.
   */
  default boolean answers(Connection connection, IpAddress address) {
    return false;
  }

  /**
   * Whether the time that a probe takes is a packet's there and back. Not of one that sends none.
   */
  default boolean isRoundTrip() {
    return true;
  }

  /**
   * What {@link #alive} does without blocking the caller: many can be under way at once. Overridden
   * where that takes no thread each.
   *
   * @param executor where a probe that blocks runs
   * @return whether it is alive; fails where {@link #alive} throws
   */
  default CompletionStage<Boolean> begin(Connection connection, Executor executor) {
    return CompletableFuture.supplyAsync(() -> alive(connection), executor);
  }
}
