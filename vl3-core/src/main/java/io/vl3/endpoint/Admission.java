package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.ConnectionId;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What a runner refuses itself, before its chain sees it. Thread-safe. */
final class Admission {

  static final String ESTABLISH = "establish";
  static final String REFRESH = "refresh";
  static final String CLOSE = "close";

  private volatile Optional<String> ended = Optional.empty();
  private volatile BiConsumer<String, EndpointException> listener = (operation, why) -> {};

  /** Sets who is told of each operation that is refused, and why. */
  void listen(BiConsumer<String, EndpointException> told) {
    listener = told;
  }

  /** Requests are refused from now on. */
  void end(String why) {
    ended = Optional.of(why);
  }

  boolean hasEnded() {
    return ended.isPresent();
  }

  /** Refuses an operation for a reason of its caller's. */
  void check(Session.Action reason, Supplier<String> operation) throws EndpointException {
    try {
      reason.run();
    } catch (EndpointException refusal) {
      refused(operation.get(), refusal);
      throw refusal;
    }
  }

  /** Refuses a request that may not be made any more, or not by this caller. */
  void admit(ConnectionId id, Optional<SessionRecord> before, Caller caller)
      throws EndpointException {
    try {
      checkNotEnded();
      checkOwner(id, before, caller);
    } catch (EndpointException refusal) {
      refused(before.isPresent() ? REFRESH : ESTABLISH, refusal);
      throw refusal;
    }
  }

  /** Refuses a close by another. */
  void admitClose(ConnectionId id, Optional<SessionRecord> before, Caller caller)
      throws EndpointException {
    try {
      checkOwner(id, before, caller);
    } catch (EndpointException refusal) {
      refused(CLOSE, refusal);
      throw refusal;
    }
  }

  /** An operation is refused elsewhere. */
  void refused(String operation, EndpointException why) {
    listener.accept(operation, why);
  }

  void checkNotEnded() throws EndpointException {
    if (ended.isPresent()) {
      throw new EndpointException(Reason.UNAVAILABLE, ended.get());
    }
  }

  /** A connection id belongs to the identity that made it; this process may always. */
  private static void checkOwner(ConnectionId id, Optional<SessionRecord> before, Caller caller)
      throws EndpointException {
    if (before.isPresent() && !caller.equals(Caller.SELF) && !caller.equals(before.get().owner())) {
      throw new EndpointException(
          Reason.DENIED,
          "connection.id: %s (expected: an id of your own) [no sufficient privileges: asked by %s, belongs to another]"
              .formatted(id, caller));
    }
  }
}
