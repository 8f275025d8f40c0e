package io.vl3.registry;

import io.vl3.connection.PathSegment;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import java.util.Optional;

/**
 * Whether a component of a path is who a registration belongs to. Known where components prove who
 * they are; elsewhere the registration's name has to do. Thread-safe; does not block.
 */
@FunctionalInterface
public interface PeerIdentity {

  /** Believes every name. */
  PeerIdentity BY_NAME = segment -> Optional.empty();

  /** The identity that a segment's token proves; empty where tokens prove nothing. */
  Optional<String> of(Optional<PathSegment> segment);

  /**
   * Refuses a component that is another than the registered one. A registration without owners
   * belongs to anybody.
   *
   * @throws EndpointException DENIED; names both
   */
  default void check(Optional<PathSegment> segment, EndpointRecord registered)
      throws EndpointException {
    Optional<String> proven = of(segment);
    if (proven.isPresent()
        && !registered.owners().isEmpty()
        && !registered.owners().contains(proven.get())) {
      throw new EndpointException(
          Reason.DENIED,
          "peer %s: %s (expected: who holds the registration, %s)"
              .formatted(registered.name(), proven.get(), registered.owners()));
    }
  }
}
