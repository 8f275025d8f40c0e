package io.vl3.endpoint;

import io.vl3.connection.ConnectionId;
import io.vl3.failure.EndpointException;
import io.vl3.internal.log.RequestLog;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The turns of the connections of a runner: what is done to a connection is done in its lane, and
 * its lines and spans say of which connection they are. Thread-safe.
 */
final class ConnectionTurns {

  private final Lanes<ConnectionId> lanes;
  private final Executor executor;
  private final Timer timer;
  private final Duration eventTimeout;
  private final Tracing tracing;

  /**
   * The turns.
   *
   * @param executor where events run
   * @param eventTimeout how long one may take
   */
  ConnectionTurns(
      Lanes<ConnectionId> lanes,
      Executor executor,
      Timer timer,
      Duration eventTimeout,
      Tracing tracing) {
    this.lanes = lanes;
    this.executor = executor;
    this.timer = timer;
    this.eventTimeout = eventTimeout;
    this.tracing = tracing;
  }

  /** Something that happens to a connection outside of a call. */
  interface Event<T> {
    T run(Deadline deadline) throws EndpointException;
  }

  Tracing tracing() {
    return tracing;
  }

  /**
   * Does the work of a call, in its thread.
   *
   * @param refused told why its turn did not come
   */
  <T> T call(
      String what,
      ConnectionId id,
      Deadline deadline,
      Lanes.Work<T> work,
      Consumer<EndpointException> refused)
      throws EndpointException {
    return traced(what, id, () -> lanes.run(id, deadline, work, refused));
  }

  /** Does the work of an event, on the executor. */
  <T> CompletionStage<T> event(String what, ConnectionId id, Event<T> event) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Deadline deadline = Deadline.after(eventTimeout, timer);
    executor.execute(
        () -> {
          try {
            var unused =
                traced(
                    what,
                    id,
                    () ->
                        completing(
                            result, () -> lanes.run(id, deadline, () -> event.run(deadline))));
          } catch (EndpointException | RuntimeException | Error failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  /** A trace begins here, unless the call or whoever else led here belongs to one. */
  @SuppressWarnings("try") // it is only held
  private <T> T traced(String what, ConnectionId id, Tracing.Work<T, EndpointException> work)
      throws EndpointException {
    return tracing.root(
        what,
        () -> {
          try (RequestLog lines = RequestLog.of(id.value())) {
            Tracing.tell(Tracing.CONNECTION, id.value());
            return work.run();
          }
        });
  }

  /** What waits for the result may log: its lines say of which connection and trace. */
  private static <T> T completing(
      CompletableFuture<T> result, Tracing.Work<T, EndpointException> work)
      throws EndpointException {
    try {
      T done = work.run();
      result.complete(done);
      return done;
    } catch (EndpointException | RuntimeException | Error failure) {
      result.completeExceptionally(failure);
      throw failure;
    }
  }
}
