package io.vl3.nsm.manager;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A session within a session: what one of several attempts acquired is undone when it fails, and
 * handed to the outer session when it succeeds. State under keys is the outer session's.
 */
final class Attempt implements Session {

  private final Session outer;
  private final boolean anew;
  private final Deque<Step> undos = new ArrayDeque<>();
  private final List<Step> afterwards = new ArrayList<>();

  /**
   * An attempt.
   *
   * @param anew whether who is asked now does not serve the connection yet
   */
  Attempt(Session outer, boolean anew) {
    this.outer = outer;
    this.anew = anew;
  }

  /** The attempt failed: undoes it, newest first. */
  void undo(Throwable failure) {
    while (!undos.isEmpty()) {
      try {
        undos.pop().action.run();
      } catch (EndpointException | RuntimeException undoFailure) {
        failure.addSuppressed(undoFailure);
      }
    }
  }

  /** The attempt succeeded: the rest is up to the outer session. */
  void succeed() {
    undos.descendingIterator().forEachRemaining(step -> outer.onFailure(step.what, step.action));
    afterwards.forEach(step -> outer.onCommit(step.what, step.action));
  }

  @Override
  public ConnectionId id() {
    return outer.id();
  }

  @Override
  public Caller caller() {
    return outer.caller();
  }

  @Override
  public Deadline deadline() {
    return outer.deadline();
  }

  @Override
  public Optional<Connection> established() {
    return anew ? Optional.empty() : outer.established();
  }

  @Override
  public <T> Optional<T> get(Key<T> key) {
    return outer.get(key);
  }

  @Override
  public <T> void put(Key<T> key, T value) {
    outer.put(key, value);
  }

  @Override
  public <T> Optional<T> remove(Key<T> key) {
    return outer.remove(key);
  }

  @Override
  public void onFailure(String what, Action undo) {
    undos.push(new Step(what, undo));
  }

  @Override
  public void onCommit(String what, Action action) {
    afterwards.add(new Step(what, action));
  }

  @Override
  public Caller owner() {
    return outer.owner();
  }

  @Override
  public ConnectionHandle handle() {
    return outer.handle();
  }

  private record Step(String what, Action action) {}
}
