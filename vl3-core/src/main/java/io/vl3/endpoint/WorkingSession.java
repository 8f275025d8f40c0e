package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session of one request or close in progress. Used by one thread. */
final class WorkingSession implements Session {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointRunner.class);

  private final ConnectionHandle handle;
  private final Caller caller;
  private final Caller owner;
  private final Deadline deadline;
  private final Optional<Connection> established;
  private SessionValues values;
  private final Deque<Step> undos = new ArrayDeque<>();
  private final List<Step> afterwards = new ArrayList<>();

  WorkingSession(
      ConnectionHandle handle,
      Caller caller,
      Caller owner,
      Deadline deadline,
      Optional<SessionRecord> before) {
    this.handle = handle;
    this.caller = caller;
    this.owner = owner;
    this.deadline = deadline;
    this.established = before.filter(record -> !record.lapsed()).map(SessionRecord::connection);
    this.values = before.map(SessionRecord::values).orElse(SessionValues.NONE);
  }

  @Override
  public ConnectionId id() {
    return handle.id();
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public Caller owner() {
    return owner;
  }

  @Override
  public Deadline deadline() {
    return deadline;
  }

  @Override
  public Optional<Connection> established() {
    return established;
  }

  @Override
  public <T> Optional<T> get(Key<T> key) {
    return values.get(key);
  }

  @Override
  public <T> void put(Key<T> key, T value) {
    values = values.with(key, value);
  }

  @Override
  public <T> Optional<T> remove(Key<T> key) {
    Optional<T> removed = get(key);
    values = values.without(key);
    return removed;
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
  public ConnectionHandle handle() {
    return handle;
  }

  SessionValues values() {
    return values;
  }

  /** Runs the undos, newest first; what fails there is kept with the failure that led here. */
  void undo(Throwable failure) {
    while (!undos.isEmpty()) {
      Step step = undos.pop();
      try {
        step.action.run();
      } catch (EndpointException | RuntimeException undoFailure) {
        failure.addSuppressed(undoFailure);
        log(step, undoFailure);
      }
    }
  }

  /** Runs the actions that follow success; the connection stands, so a failure is only logged. */
  void commit() {
    for (Step step : afterwards) {
      try {
        step.action.run();
      } catch (EndpointException | RuntimeException failure) {
        log(step, failure);
      }
    }
  }

  /**
   * What others refuse, or is away for now, is expected at times, and is made good by who looks
   * after it. A fault of ours is an error.
   */
  private void log(Step step, Exception failure) {
    if (failure instanceof EndpointException expected && expected.reason() != Reason.INTERNAL) {
      LOG.warn("connection {}: could not {}: {}", id(), step.what, expected.getMessage());
    } else {
      LOG.error("connection {}: could not {}", id(), step.what, failure);
    }
  }

  private record Step(String what, Action action) {}
}
