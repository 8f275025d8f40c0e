package io.vl3.nsm.manager;

import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.time.SystemTimer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** A manager in a process of its own, until its standard input ends. */
final class SmallHeapMain {

  private SmallHeapMain() {}

  /** Takes the URL to listen on; prints {@code ready}. */
  public static void main(String[] arguments) throws Exception {
    ThreadFactory daemons =
        task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        };
    var executor = Executors.newCachedThreadPool(daemons);
    NsmRuntime runtime =
        NsmRuntime.of(
            new SystemTimer(new ScheduledThreadPoolExecutor(1, daemons)),
            executor,
            TransportOptions.of(new IoThreads(2, daemons), executor),
            RandomGenerator.getDefault());
    try (EmbeddedManager manager =
        EmbeddedManager.builder(runtime, new MemoryDataPlane())
            .listenOn(TransportUrl.parse(arguments[0]))
            .start()) {
      System.out.println("ready " + manager.name());
      while (System.in.read() >= 0) {
        // Until the test ends.
      }
    }
  }
}
