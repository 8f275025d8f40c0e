package io.vl3.internal.journal;

import io.vl3.failure.Reason;
import io.vl3.measure.Attempts;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and values that outlive the process. Changes are appended to a file; those that come while
 * the disk is busy are written together, with one wait for the disk. The file is written anew when
 * it has grown to several times of what counts.
 *
 * <p>After a crash at any byte the file reads as it stood after one of its changes: never a part of
 * a change, never anything else. While the disk fails, changes fail, with the reason; the first one
 * that can be written again writes everything, so that nothing is lost between.
 *
 * <p>Thread-safe. Only {@link #open} and {@link #close} block.
 */
public final class Journal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final long SMALLEST_LIMIT = 64 * 1024;
  private static final int GROWTH = 4;
  private static final int CLOSE_SECONDS = 5;

  private final JournalFile file;
  private final Executor executor;
  private final Map<String, String> restored;
  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();

  /** Whether somebody writes; who sets it is the one that does. */
  private final AtomicBoolean writing = new AtomicBoolean();

  private volatile Optional<String> trouble = Optional.empty();
  private volatile Attempts writes = measuredBy(Meter.NONE);

  // The fields below belong to the thread that writes.
  private final Map<String, String> content;
  private long limit;
  private boolean closed;

  private Journal(JournalFile file, Map<String, String> content, Executor executor) {
    this.file = file;
    this.content = content;
    this.restored = Map.copyOf(content);
    this.executor = executor;
    this.limit = SMALLEST_LIMIT;
  }

  /**
   * Opens a journal, which is made if it is not there, for the owner alone (mode 0600).
   *
   * @param executor where the disk is waited for
   * @throws IOException if it cannot be read or written, or is open elsewhere
   */
  public static Journal open(Path file, Executor executor) throws IOException {
    return open(file, executor, new Disk());
  }

  static Journal open(Path file, Executor executor, Disk disk) throws IOException {
    Map<String, String> content = new HashMap<>();
    return new Journal(JournalFile.open(file, disk, content), content, executor);
  }

  private static Attempts measuredBy(Meter meter) {
    return Attempts.of(meter, Measure.JOURNAL_WRITES, Measure.JOURNAL_WRITE_TIMES);
  }

  /** Counts writes there from now on, and takes their time. */
  public void measureBy(Meter meter) {
    writes = measuredBy(meter);
  }

  /** The content when the journal was opened, as an earlier life left it. */
  public Map<String, String> restored() {
    return restored;
  }

  /**
   * Makes changes, all or none of them, after those of earlier calls.
   *
   * @return completes when they are on the disk; an {@link IOException} if they may not be
   */
  public CompletionStage<Void> append(List<Change> changes) {
    return changes.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : enqueue(new Waiting(changes, JournalRecord.encode(changes), new CompletableFuture<>()));
  }

  /** Why the disk takes nothing at present; empty if all is well. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /** Writes what still waits and lets the file go. Blocks for five seconds at most; idempotent. */
  @Override
  public void close() {
    enqueue(Waiting.forEnd())
        .exceptionally(closedBefore -> null)
        .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private CompletableFuture<Void> enqueue(Waiting waiting) {
    queue.add(waiting);
    if (writing.compareAndSet(false, true)) {
      try {
        executor.execute(this::writeAll);
      } catch (RejectedExecutionException ending) {
        writeAll(); // The owner ends its threads; what was accepted is still written.
      }
    }
    return waiting.done;
  }

  private void writeAll() {
    do {
      try {
        writeQueued();
      } finally {
        writing.set(false);
      }
    } while (!queue.isEmpty() && writing.compareAndSet(false, true));
  }

  private void writeQueued() {
    List<Waiting> changes = new ArrayList<>();
    List<Waiting> ends = new ArrayList<>();
    for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
      (next.isEnd() ? ends : changes).add(next);
    }
    if (closed) {
      fail(changes, new IOException("journal: %s is closed".formatted(file.path())));
    } else if (!changes.isEmpty()) {
      write(changes);
      compactIfLarge();
    }
    if (!ends.isEmpty()) {
      end();
      ends.forEach(end -> end.done.complete(null));
    }
  }

  private void write(List<Waiting> group) {
    group.forEach(waiting -> waiting.changes.forEach(c -> JournalFile.apply(c, content)));
    Attempts measured = writes;
    long begun = measured.begin();
    try {
      if (trouble.isPresent()) {
        // The file's content behind the last success is not known.
        install(file.prepare(snapshot()));
      } else {
        file.append(group.stream().map(Waiting::record).toList());
      }
      measured.succeeded(begun);
      recovered();
      group.forEach(waiting -> waiting.done.complete(null));
    } catch (IOException | RuntimeException failure) {
      measured.failed(begun, Reason.UNAVAILABLE);
      failed(failure);
      fail(group, failure);
    }
  }

  private void compactIfLarge() {
    if (trouble.isPresent() || file.size() <= limit) {
      return;
    }
    JournalFile.Fresh fresh;
    try {
      fresh = file.prepare(snapshot());
    } catch (IOException | RuntimeException failure) {
      limit = limitFor(file.size());
      LOG.warn("journal {}: not compacted, goes on growing", file.path(), failure);
      return;
    }
    try {
      install(fresh);
    } catch (IOException | RuntimeException failure) {
      failed(failure);
    }
  }

  private void install(JournalFile.Fresh fresh) throws IOException {
    file.install(fresh);
    limit = limitFor(file.size());
  }

  private static long limitFor(long size) {
    return Math.max(SMALLEST_LIMIT, GROWTH * size);
  }

  private List<ByteBuffer> snapshot() {
    return content.entrySet().stream()
        .map(entry -> JournalRecord.encode(List.of(Change.put(entry.getKey(), entry.getValue()))))
        .toList();
  }

  private void failed(Exception failure) {
    if (trouble.isEmpty()) {
      LOG.error("journal {}: cannot be written", file.path(), failure);
    }
    trouble = Optional.of(String.valueOf(failure.getMessage()));
  }

  private void recovered() {
    if (trouble.isPresent()) {
      LOG.info("journal {}: written again", file.path());
      trouble = Optional.empty();
    }
  }

  private static void fail(List<Waiting> group, Exception failure) {
    group.forEach(waiting -> waiting.done.completeExceptionally(failure));
  }

  private void end() {
    if (!closed) {
      closed = true;
      try {
        file.close();
      } catch (IOException failure) {
        LOG.warn("journal {}: not closed", file.path(), failure);
      }
    }
  }

  /** Changes that wait for the disk, or the wish to end. */
  private record Waiting(List<Change> changes, ByteBuffer record, CompletableFuture<Void> done) {

    static Waiting forEnd() {
      return new Waiting(List.of(), ByteBuffer.allocate(0), new CompletableFuture<>());
    }

    boolean isEnd() {
      return changes.isEmpty();
    }
  }
}
