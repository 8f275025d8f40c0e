package io.vl3.linux;

import io.vl3.linux.internal.NetnsHandle;
import io.vl3.linux.internal.NetnsId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for short tasks inside of network namespaces that come again and again: starting a thread
 * and entering costs more than a ping does. A thread without a task for some seconds ends; until
 * then its namespace exists, even if it is deleted. Thread-safe.
 */
final class NetnsThreads {

  private static final long IDLE_SECONDS = 3;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Resident::new);

  /**
   * Runs a task inside a namespace and waits for it.
   *
   * @throws IOException if the namespace cannot be entered
   * @throws InterruptedException if the caller is interrupted; so is the task then
   * @throws Exception what the task threw
   */
  <T> T call(Netns netns, Callable<T> task) throws Exception {
    Future<T> result =
        threads.submit(
            () -> {
              ((Resident) Thread.currentThread()).enter(netns);
              return task.call();
            });
    try {
      return result.get();
    } catch (InterruptedException interrupted) {
      result.cancel(true);
      throw interrupted;
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /** How many threads there are. */
  int size() {
    return threads.getPoolSize();
  }

  /** A thread that stays in the namespace that it entered last. */
  private static final class Resident extends Thread {

    private Optional<NetnsId> home = Optional.empty();

    Resident(Runnable work) {
      super(work, "vl3-netns");
      setDaemon(true);
    }

    /** A name may stand for another namespace by now; one that a thread is in keeps its id. */
    void enter(Netns netns) throws IOException {
      if (home.equals(Optional.of(NetnsId.of(netns.path())))) {
        return;
      }
      try (NetnsHandle handle = NetnsHandle.open(netns.path())) {
        handle.enter();
        home = Optional.of(handle.id());
      }
    }
  }
}
