package io.vl3.transport.unix;

import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of one connection that wait to be sent, or to be taken. Everything is closed with the
 * connection. Thread-safe.
 */
final class ConnectionFiles implements FilePassing {

  /** What a peer may send without anybody asking for it. */
  private static final int MOST_ARRIVED = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<PassedFile> leaving = new ArrayDeque<>();

  /** In order of arrival; a file that was sent twice is there twice, for two who wait for it. */
  private final List<PassedFile> arrived = new ArrayList<>();

  private boolean closed;

  @Override
  public String send(Path file) throws EndpointException {
    PassedFile opened = opened(file);
    enqueue(opened);
    return opened.inodeUrl();
  }

  /** Opens a file that is to be sent. */
  static PassedFile opened(Path file) throws EndpointException {
    try {
      return PassedFile.open(file);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.NOT_FOUND,
          "file: %s (expected: one that can be opened) [%s]".formatted(file, failure.getMessage()),
          failure);
    }
  }

  /** Sends a file, which is closed when it is sent. */
  void enqueue(PassedFile file) throws EndpointException {
    lock.lock();
    try {
      if (!closed) {
        leaving.add(file);
        return;
      }
    } finally {
      lock.unlock();
    }
    file.close();
    throw gone(file.inodeUrl());
  }

  @Override
  public PassedFile receive(String inodeUrl, Duration patience) throws EndpointException {
    lock.lock();
    try {
      long left = patience.toNanos();
      Optional<PassedFile> file = take(inodeUrl);
      while (file.isEmpty()) {
        if (closed) {
          throw gone(inodeUrl);
        }
        if (left <= 0) {
          throw new EndpointException(
              Reason.INVALID,
              "%s: no descriptor came (expected: sent beside the bytes of this connection) [%s]"
                  .formatted(inodeUrl, patience));
        }
        left = changed.awaitNanos(left);
        file = take(inodeUrl);
      }
      return file.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Reason.CANCELLED, inodeUrl + ": waiting was called off");
    } finally {
      lock.unlock();
    }
  }

  private Optional<PassedFile> take(String inodeUrl) {
    for (int i = 0; i < arrived.size(); i++) {
      if (arrived.get(i).inodeUrl().equals(inodeUrl)) {
        return Optional.of(arrived.remove(i));
      }
    }
    return Optional.empty();
  }

  /** The next file to send, which stays first until it is {@link #sent}. */
  Optional<PassedFile> nextLeaving() {
    lock.lock();
    try {
      return Optional.ofNullable(leaving.peek());
    } finally {
      lock.unlock();
    }
  }

  /** The first file is sent, or given up: closes it. */
  void sent() {
    lock.lock();
    try {
      PassedFile first = leaving.poll();
      if (first != null) {
        first.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a file that came until it is taken. */
  void arrive(PassedFile file) {
    lock.lock();
    try {
      if (closed) {
        file.close();
        return;
      }
      arrived.add(file);
      if (arrived.size() > MOST_ARRIVED) {
        arrived.remove(0).close();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes a file that nobody has taken. */
  void discard(PassedFile file) {
    lock.lock();
    try {
      if (arrived.remove(file)) {
        file.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many files wait, either way. */
  int size() {
    lock.lock();
    try {
      return leaving.size() + arrived.size();
    } finally {
      lock.unlock();
    }
  }

  /** Closes what waits; who waits for a file is told. Idempotent. */
  void close() {
    List<PassedFile> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(leaving);
      left.addAll(arrived);
      leaving.clear();
      arrived.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(PassedFile::close);
  }

  private static EndpointException gone(String inodeUrl) {
    return new EndpointException(
        Reason.UNAVAILABLE, inodeUrl + ": the connection that carries it is closed");
  }
}
