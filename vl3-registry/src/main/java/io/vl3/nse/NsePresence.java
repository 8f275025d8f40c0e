package io.vl3.nse;

import io.vl3.registry.EndpointRecord;
import java.util.concurrent.CompletionStage;

/** An NSE at one {@link NsmEdge}: served there, and registered. Thread-safe. */
public interface NsePresence extends AutoCloseable {

  /** Completes with the registration once it was granted. */
  CompletionStage<EndpointRecord> registered();

  /** The registration as last granted, which may be under another name; before, as asked. */
  EndpointRecord registration();

  /** Ends the registration, unless it is to stay; calls are still answered. Blocks; idempotent. */
  void withdraw();

  /**
   * Ends it here alone: the registration is left for a successor of the same name, who may not have
   * to be registered anew. Blocks for the transport's grace at most; idempotent.
   */
  default void leave() {
    close();
  }

  /** Ends all of it. Blocks for the transport's grace at most; idempotent. */
  @Override
  void close();
}
