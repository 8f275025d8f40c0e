package io.vl3.cli.assembly;

import io.vl3.time.SystemTimer;
import io.vl3.time.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/**
 * The threads of one process: one that keeps time, and as many as wanted for what may block,
 * virtual ones where the JDK has them.
 */
public final class Threads implements AutoCloseable {

  private final ScheduledThreadPoolExecutor scheduler =
      new ScheduledThreadPoolExecutor(1, daemons("vl3-timer"));
  private final ExecutorService blocking = blockingExecutor();
  private final Timer timer = new SystemTimer(scheduler);

  /** Where work that blocks runs. */
  public ExecutorService blocking() {
    return blocking;
  }

  /** The process's clock. */
  public Timer timer() {
    return timer;
  }

  /** Ends all threads; what still runs is interrupted. */
  @Override
  public void close() {
    scheduler.shutdownNow();
    blocking.shutdownNow();
  }

  private static ExecutorService blockingExecutor() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException beforeJdk21) {
      return Executors.newCachedThreadPool(daemons("vl3-work"));
    }
  }

  /** Makes threads of a name that do not keep the process alive. */
  public static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
