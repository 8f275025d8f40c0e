package io.vl3.grpc.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The server's side of a stream with a bounded queue: messages are written as fast as the client
 * reads, and a client that stays behind by more than the queue holds is ended with
 * RESOURCE_EXHAUSTED, which tells it to subscribe again. The queue is bounded in messages and in
 * bytes, and its bytes are those of the {@link MemoryAccount call}.
 *
 * <p>A new message about one subject replaces the one that waits: the client learns the latest. A
 * message is made when it is written, so that what waits costs no more than what it is made from.
 *
 * <p>Thread-safe; calls do not block.
 *
 * @param <T> the message
 */
public final class BoundedStream<T> {

  /** How many bytes may wait for one client. */
  static final long MOST_BYTES = 1024 * 1024;

  /** The bytes that a place in the queue costs, with the object that makes its message. */
  private static final long PLACE_BYTES = 256;

  private final ServerCallStreamObserver<T> call;
  private final int capacity;
  private final Runnable onEnd;
  private final MemoryAccount memory = MemoryAccount.current();

  /** The waiting messages by their subject, in the order in which each came first. */
  private final Map<Object, Waiting<T>> queue = new LinkedHashMap<>();

  private long bytes;
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

  /**
   * Sends a message when the client is ready; after the end it is dropped.
   *
   * @param about what it is about; replaces what waits about the same
   * @param message makes it
   * @param ownBytes how much memory nobody but this message keeps until it is written
   */
  public void send(Object about, Supplier<T> message, long ownBytes) {
    boolean fits;
    synchronized (queue) {
      if (ended) {
        return;
      }
      fits = add(about, new Waiting<>(message, ownBytes + PLACE_BYTES));
    }
    if (fits) {
      drain();
    } else {
      end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "watch: too much waits to be read (expected: %d changes, %d KiB at most) [subscribe again]"
                  .formatted(capacity, MOST_BYTES / 1024)));
    }
  }

  private boolean add(Object about, Waiting<T> message) {
    Waiting<T> before = queue.get(about);
    long more = message.bytes - (before == null ? 0 : before.bytes);
    if ((before == null && queue.size() >= capacity)
        || (bytes > 0 && bytes + more > MOST_BYTES)
        || !memory.take(more)) {
      return false;
    }
    bytes += more;
    queue.put(about, message);
    return true;
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
      memory.giveBack(bytes);
      bytes = 0;
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
      Waiting<T> next;
      synchronized (queue) {
        if (ended || queue.isEmpty()) {
          return;
        }
        Iterator<Waiting<T>> waiting = queue.values().iterator();
        next = waiting.next();
        waiting.remove();
        bytes -= next.bytes;
      }
      memory.giveBack(next.bytes);
      call.onNext(next.message.get());
    }
  }

  private record Waiting<T>(Supplier<T> message, long bytes) {}
}
