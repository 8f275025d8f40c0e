package io.vl3.cli.demo;

import io.vl3.linux.Netns;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that live in a network namespace: what they open is opened there. */
final class NetnsThreads {

  private static final Logger LOG = LoggerFactory.getLogger(NetnsThreads.class);

  private NetnsThreads() {}

  /** Makes threads in the named namespace, which must exist when a thread starts. */
  static ThreadFactory in(String netns) {
    return work -> {
      Thread thread = new Thread(() -> run(netns, work), "vl3-in-" + netns);
      thread.setDaemon(true);
      return thread;
    };
  }

  private static void run(String netns, Runnable work) {
    try {
      Netns.named(netns)
          .call(
              () -> {
                work.run();
                return netns;
              });
    } catch (Exception failure) {
      LOG.error("namespace {}: no thread inside", netns, failure);
    }
  }
}
