package io.vl3.admin;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The server's side of a stream that is filled only as fast as it is read: nothing is queued. To be
 * made while the call's handler method runs.
 *
 * @param <T> the message
 */
final class PulledStream<T> {

  private final ServerCallStreamObserver<T> call;
  private final Source<T> source;
  private final Executor executor;
  private final AtomicBoolean waking = new AtomicBoolean();
  private boolean done;

  /** Where messages come from; called by one thread at a time, and may block briefly. */
  interface Source<T> {

    /** The next message; empty if there is none now. */
    Optional<T> next();

    /** Whether there will be none after that. */
    boolean isOver();
  }

  private PulledStream(
      ServerCallStreamObserver<T> call, Source<T> source, Executor executor, Runnable onEnd) {
    this.call = call;
    this.source = source;
    this.executor = executor;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(onEnd);
    call.setOnCloseHandler(onEnd);
  }

  /**
   * A stream.
   *
   * @param call as the handler method got it
   * @param onEnd called when the client has left, or all was written; perhaps more than once
   */
  static <T> PulledStream<T> to(
      StreamObserver<T> call, Source<T> source, Executor executor, Runnable onEnd) {
    return new PulledStream<>((ServerCallStreamObserver<T>) call, source, executor, onEnd);
  }

  /** There may be another message. Does not block. */
  void wake() {
    if (waking.compareAndSet(false, true)) {
      executor.execute(this::run);
    }
  }

  private void run() {
    waking.set(false);
    try {
      write();
    } catch (RuntimeException bug) {
      fail(Status.INTERNAL.withDescription(bug.toString()).withCause(bug).asRuntimeException());
    }
  }

  private synchronized void write() {
    while (!done && !call.isCancelled() && call.isReady()) {
      Optional<T> message = source.next();
      if (message.isPresent()) {
        call.onNext(message.get());
      } else {
        if (source.isOver()) {
          done = true;
          call.onCompleted();
        }
        return;
      }
    }
  }

  private synchronized void fail(Throwable failure) {
    if (!done) {
      done = true;
      call.onError(failure);
    }
  }
}
