package io.vl3.grpc.internal;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.context.Scope;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.RequestLog;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the blocking work of calls away from the transport's threads, and answers with its result or
 * with the status of its failure.
 */
public final class BlockingCalls {

  private static final Logger LOG = LoggerFactory.getLogger(BlockingCalls.class);

  private final Executor executor;

  /** Runs calls on an executor, which they block. */
  public BlockingCalls(Executor executor) {
    this.executor = executor;
  }

  /** The work of one call. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws EndpointException;
  }

  /** Runs the work in the caller's gRPC context and answers with its one result. */
  public <T> void answer(StreamObserver<T> observer, Work<T> work) {
    answer(observer, "", work);
  }

  /**
   * The same for a call that is about a connection.
   *
   * @param connection its id, for the log; empty for none
   */
  <T> void answer(StreamObserver<T> observer, String connection, Work<T> work) {
    start(observer, connection, work, observer::onNext);
  }

  /** Runs the work in the caller's gRPC context and answers with each of its results. */
  public <T> void answerAll(StreamObserver<T> observer, Work<List<T>> work) {
    start(observer, "", work, results -> results.forEach(observer::onNext));
  }

  private <T, R> void start(
      StreamObserver<T> observer, String connection, Work<R> work, Consumer<R> answer) {
    if (observer instanceof ServerCallStreamObserver<T> call) {
      // Without it an answer to a caller that has left would throw.
      call.setOnCancelHandler(() -> {});
    }
    try {
      executor.execute(Context.current().wrap(() -> run(observer, connection, work, answer)));
    } catch (RejectedExecutionException full) {
      observer.onError(
          Status.UNAVAILABLE.withDescription("server: stopping or full").asRuntimeException());
    }
  }

  @SuppressWarnings("try") // both are only held
  private static <T, R> void run(
      StreamObserver<T> observer, String connection, Work<R> work, Consumer<R> answer) {
    try (Scope trace = ServerSpans.current().makeCurrent();
        RequestLog lines = RequestLog.of(connection)) {
      run(observer, work, answer);
    }
  }

  private static <T, R> void run(StreamObserver<T> observer, Work<R> work, Consumer<R> answer) {
    try {
      answer(observer, work, answer);
    } catch (RejectedExecutionException ended) {
      LOG.debug("call not answered: its transport has ended", ended);
    }
  }

  private static <T, R> void answer(StreamObserver<T> observer, Work<R> work, Consumer<R> answer) {
    R result;
    try {
      result = work.run();
    } catch (EndpointException failure) {
      if (failure.reason() == Reason.INTERNAL) {
        log(failure);
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
    answer.accept(result);
    observer.onCompleted();
  }

  /** A fault in another server's answer is that server's, and its operator's to read. */
  private static void log(EndpointException failure) {
    if (isAnswer(failure)) {
      LOG.debug("call failed elsewhere: {}", failure.getMessage());
    } else {
      LOG.error("call failed: {}", failure.getMessage(), failure);
    }
  }

  private static boolean isAnswer(Throwable failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException || cause instanceof StatusException) {
        return true;
      }
    }
    return false;
  }

  /** The caller is told the kind of fault only: its message may hold anything. */
  private static RuntimeException faultStatus(Throwable fault) {
    return Status.INTERNAL
        .withDescription("server: fault " + fault.getClass().getSimpleName() + " (see its log)")
        .withCause(fault)
        .asRuntimeException();
  }
}
