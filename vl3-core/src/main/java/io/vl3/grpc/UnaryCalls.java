package io.vl3.grpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the blocking work of unary calls away from the transport's threads, and answers with its
 * result or with the status of its failure.
 */
public final class UnaryCalls {

  private static final Logger LOG = LoggerFactory.getLogger(UnaryCalls.class);

  private final Executor executor;
  private final Timer timer;
  private final Duration defaultTimeout;

  /**
   * Runs calls.
   *
   * @param executor where they run; they block
   * @param timer the clock of deadlines
   * @param defaultTimeout the time of a call whose caller set no deadline
   */
  public UnaryCalls(Executor executor, Timer timer, Duration defaultTimeout) {
    this.executor = executor;
    this.timer = timer;
    this.defaultTimeout = defaultTimeout;
  }

  /** The work of one call. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Deadline deadline) throws EndpointException;
  }

  /** Runs the work in the caller's gRPC context and answers. */
  public <T> void answer(StreamObserver<T> observer, Work<T> work) {
    if (observer instanceof ServerCallStreamObserver<T> call) {
      // Without it an answer to a caller that has left would throw.
      call.setOnCancelHandler(() -> {});
    }
    Deadline deadline = deadline();
    try {
      executor.execute(Context.current().wrap(() -> run(observer, work, deadline)));
    } catch (RejectedExecutionException full) {
      observer.onError(
          Status.UNAVAILABLE.withDescription("server: stopping or full").asRuntimeException());
    }
  }

  private Deadline deadline() {
    io.grpc.Deadline set = Context.current().getDeadline();
    Duration left =
        set == null ? defaultTimeout : Duration.ofNanos(set.timeRemaining(TimeUnit.NANOSECONDS));
    return Deadline.after(left, timer);
  }

  private static <T> void run(StreamObserver<T> observer, Work<T> work, Deadline deadline) {
    T answer;
    try {
      answer = work.run(deadline);
    } catch (EndpointException failure) {
      if (failure.reason() == Reason.INTERNAL) {
        LOG.error("call failed: {}", failure.getMessage(), failure);
      }
      observer.onError(StatusCodes.toStatus(failure).asRuntimeException());
      return;
    } catch (RuntimeException fault) {
      LOG.error("call failed by a fault of this server", fault);
      observer.onError(faultStatus(fault));
      return;
    } catch (Error fault) {
      observer.onError(faultStatus(fault));
      throw fault;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  /** The caller is told the kind of fault only: its message may hold anything. */
  private static RuntimeException faultStatus(Throwable fault) {
    return Status.INTERNAL
        .withDescription("server: fault " + fault.getClass().getSimpleName() + " (see its log)")
        .withCause(fault)
        .asRuntimeException();
  }
}
