package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import java.util.Optional;

/**
 * The state of one connection, and what one request or close of it needs. During a request it is a
 * working copy: changes are committed together with the connection when the whole chain succeeded,
 * and forgotten otherwise. It vanishes with the connection.
 *
 * <p>Used by the one thread that runs the chain; not to be kept after the call. {@link #handle} may
 * be kept.
 */
public interface Session {

  /** The connection's id as its caller knows it. */
  ConnectionId id();

  /** The identity that makes this call. */
  Caller caller();

  /**
   * The identity that made the connection: the caller of its first request, also while we re-enter
   * it.
   */
  Caller owner();

  /** When the call must have answered. */
  Deadline deadline();

  /**
   * The last established connection as the end of the chain answered its caller, but with no more
   * of its tokens than when they end; empty if none.
   */
  Optional<Connection> established();

  /** The state under a key. */
  <T> Optional<T> get(Key<T> key);

  /** Sets the state under a key. */
  <T> void put(Key<T> key, T value);

  /** Removes and answers the state under a key. */
  <T> Optional<T> remove(Key<T> key);

  /**
   * Registers the undo of something just acquired. If this request fails anywhere, the undos run in
   * reverse order, each exactly once.
   *
   * @param what what it does, for the log: "return 10.60.1.0/30"
   */
  void onFailure(String what, Action undo);

  /**
   * Registers what follows success: runs after the request's changes are committed, or after the
   * close, in order, still within the connection's turn.
   *
   * @param what what it does, for the log: "start the expiry timer"
   */
  void onCommit(String what, Action action);

  /** The way back in for timers and watchers; may be kept as long as wanted. */
  ConnectionHandle handle();

  /** Something to do that may fail. */
  @FunctionalInterface
  interface Action {
    void run() throws EndpointException;
  }
}
