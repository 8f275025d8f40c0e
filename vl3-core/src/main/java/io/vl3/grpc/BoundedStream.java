package io.vl3.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The server's side of a stream with a bounded queue: messages are written as fast as the client
 * reads, and a client that stays behind by more than the queue holds is ended with
 * RESOURCE_EXHAUSTED, which tells it to subscribe again.
 *
 * <p>Thread-safe; calls do not block.
 *
 * @param <T> the message
 */
public final class BoundedStream<T> {

  private final ServerCallStreamObserver<T> call;
  private final int capacity;
  private final Runnable onEnd;
  private final Deque<T> queue = new ArrayDeque<>();
  private boolean writing;
  private boolean ended;

  /**
   * A stream; to be made while the call's handler method runs.
   *
   * @param call where to write
   * @param capacity how many messages may wait
   * @param onEnd called once the client has left or was ended; perhaps more than once
   */
  public BoundedStream(ServerCallStreamObserver<T> call, int capacity, Runnable onEnd) {
    this.call = call;
    this.capacity = capacity;
    this.onEnd = onEnd;
    call.setOnCancelHandler(this::forget);
    call.setOnCloseHandler(this::forget);
    call.setOnReadyHandler(this::drain);
  }

  /** Sends a message when the client is ready; after the end it is dropped. */
  public void send(T message) {
    boolean overflow;
    synchronized (queue) {
      if (ended) {
        return;
      }
      overflow = queue.size() >= capacity;
      if (!overflow) {
        queue.add(message);
      }
    }
    if (overflow) {
      end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "watch: more than %d changes wait to be read (subscribe again)".formatted(capacity)));
    } else {
      drain();
    }
  }

  /** Ends the stream with a failure; what waits is dropped. Idempotent. */
  public void end(Status status) {
    if (forget()) {
      // The gRPC call is not thread-safe: whoever is writing has to be done first.
      synchronized (call) {
        call.onError(status.asRuntimeException());
      }
    }
  }

  private boolean forget() {
    synchronized (queue) {
      if (ended) {
        return false;
      }
      ended = true;
      queue.clear();
    }
    onEnd.run();
    return true;
  }

  private void drain() {
    while (startWriting()) {
      synchronized (call) {
        writeReady();
      }
      synchronized (queue) {
        writing = false;
      }
    }
  }

  private boolean startWriting() {
    synchronized (queue) {
      if (writing || ended || queue.isEmpty() || !call.isReady()) {
        return false;
      }
      writing = true;
      return true;
    }
  }

  private void writeReady() {
    while (call.isReady()) {
      T message;
      synchronized (queue) {
        if (ended || queue.isEmpty()) {
          return;
        }
        message = queue.remove();
      }
      call.onNext(message);
    }
  }
}
