package io.vl3.transport.internal.unix;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of one connection that wait to be sent, and those that came by it. A received file can
 * be taken as often as it is named, for NSM's own senders send a file once per connection.
 * Everything is closed with the connection. Thread-safe.
 */
final class ConnectionFiles implements FilePassing {

  /**
   * The most files that one peer may have us hold; the one that was not named for longest goes
   * first.
   */
  private static final int MOST_ARRIVED = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<PassedFile> leaving = new ArrayDeque<>();

  /** By inode URL, what was not named for longest first. */
  private final Map<String, PassedFile> arrived = new LinkedHashMap<>(16, 0.75f, true);

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
      Optional<PassedFile> file = shared(inodeUrl);
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
        file = shared(inodeUrl);
      }
      return file.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Reason.CANCELLED, inodeUrl + ": waiting was called off");
    } finally {
      lock.unlock();
    }
  }

  private Optional<PassedFile> shared(String inodeUrl) {
    return Optional.ofNullable(arrived.get(inodeUrl)).map(PassedFile::share);
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

  /** Keeps a file that came. */
  void arrive(PassedFile file) {
    lock.lock();
    try {
      if (closed || arrived.get(file.inodeUrl()) != null) {
        file.close();
        return;
      }
      arrived.put(file.inodeUrl(), file);
      if (arrived.size() > MOST_ARRIVED) {
        closeEldest();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void closeEldest() {
    Iterator<PassedFile> files = arrived.values().iterator();
    files.next().close();
    files.remove();
  }

  /** How many files are held, to be sent or taken. */
  int size() {
    lock.lock();
    try {
      return leaving.size() + arrived.size();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the files that wait, and fails the calls that wait for one. Idempotent. */
  void close() {
    List<PassedFile> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(leaving);
      left.addAll(arrived.values());
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
