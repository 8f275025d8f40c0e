package io.vl3.internal.process;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until another process no longer holds a {@link ProcessLock}, without looking again and
 * again: a task sleeps in the kernel, which wakes it when the holder releases the lock or dies. It
 * does not keep the lock. Thread-safe.
 */
public final class LockWait implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LockWait.class);

  /** By absolute path; one at most for a file, of which the JVM keeps one lock. */
  private static final Map<Path, LockWait> WAITING = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final Runnable woken;
  private volatile boolean calledOff;

  private LockWait(Path file, FileChannel channel, Runnable woken) {
    this.file = file;
    this.channel = channel;
    this.woken = woken;
  }

  /**
   * Begins to wait.
   *
   * @param executor where one task blocks for as long as the wait lasts
   * @param woken called once from there when the lock may be free, or another part of this process
   *     asks for it; not after {@link #close}, nor if the kernel cannot wait
   * @return empty if nobody can wait for it here: there is no such file, this process has locked it
   *     or waits for it already, or the executor takes no task
   */
  public static Optional<LockWait> begin(Path file, Executor executor, Runnable woken) {
    Path absolute = file.toAbsolutePath().normalize();
    LockWait[] begun = new LockWait[1];
    var unused =
        WAITING.computeIfAbsent(
            absolute,
            path -> {
              begun[0] = open(path, woken);
              return begun[0];
            });
    return Optional.ofNullable(begun[0]).filter(wait -> wait.isStarted(executor));
  }

  /** In the map's turn: afterwards the file may be ours, and then it must not even be closed. */
  private static @Nullable LockWait open(Path file, Runnable woken) {
    try {
      return ProcessLock.isOurs(file)
          ? null
          : new LockWait(file, FileChannel.open(file, StandardOpenOption.WRITE), woken);
    } catch (IOException gone) {
      return null;
    }
  }

  private boolean isStarted(Executor executor) {
    try {
      executor.execute(this::await);
      return true;
    } catch (RejectedExecutionException ending) {
      end();
      return false;
    }
  }

  private void await() {
    boolean mayBeFree = true;
    try {
      var unused = channel.lock();
    } catch (ClosedChannelException ended) {
      LOG.debug("{}: asked for by another part of this process", file);
    } catch (IOException | OverlappingFileLockException failure) {
      // Nobody is woken, who would only try the same again and again.
      mayBeFree = false;
      LOG.debug("{}: cannot be waited for", file, failure);
    }
    end();
    if (mayBeFree && !calledOff) {
      woken.run();
    }
  }

  /** Ends the wait for a file, before this process locks it. */
  static void endFor(Path file) {
    LockWait wait = WAITING.get(file);
    if (wait != null) {
      wait.end();
    }
  }

  /** Waits no more; idempotent. */
  @Override
  public void close() {
    calledOff = true;
    end();
  }

  /** Closed first: until then nobody of this process may lock the file. */
  private void end() {
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.debug("{}: not closed", file, failure);
    }
    WAITING.remove(file, this);
  }
}
