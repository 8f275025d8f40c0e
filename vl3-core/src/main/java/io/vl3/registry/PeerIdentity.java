package io.vl3.registry;

import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
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
        && registered.owner().isPresent()
        && !registered.owner().equals(proven)) {
      throw new EndpointException(
          Reason.DENIED,
          "peer %s: %s (expected: who holds the registration, %s)"
              .formatted(registered.name(), proven.get(), registered.owner().get()));
    }
  }

  /**
   * Refuses a path that a peer's request has come by, if it does not begin at who is registered. A
   * token is checked only by who talks to its owner; whoever is between the peer and us could make
   * up the peer's. So it also has to go on at who has registered the peer, its manager, which calls
   * by the same.
   *
   * @param path our segment is the current one
   * @throws EndpointException DENIED if the first is another; UNAVAILABLE if the second is, who may
   *     have changed meanwhile; names both
   */
  default void checkCaller(Path path, EndpointRecord registered) throws EndpointException {
    check(path.segment(0), registered);
    if (path.index() < 2 || registered.owners().size() < 2) {
      return;
    }
    Optional<String> manager = of(path.segment(1));
    if (manager.isPresent() && !manager.get().equals(registered.owners().get(1))) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "peer %s: through %s (expected: through who registered it, %s)"
              .formatted(registered.name(), manager.get(), registered.owners().get(1)));
    }
  }
}
