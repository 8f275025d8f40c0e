package io.vl3.cli.assembly;

import io.vl3.health.HealthItem;
import io.vl3.linux.ServiceManager;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * This process under a service manager, such as systemd: when it is ready, how it is doing, and
 * that it lives, which is that its timer runs and its threads do work. Thread-safe.
 */
public final class Watched implements AutoCloseable {

  /** How soon the status line follows. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final ServiceManager manager;
  private final NsmRuntime runtime;
  private final Supplier<String> summary;
  private final Duration every;

  /** Guarded by this, like all below. */
  private Timer.Cancellable next = () -> {};

  private String told = "";
  private boolean ready;
  private boolean closed;

  private Watched(ServiceManager manager, NsmRuntime runtime, Supplier<String> summary) {
    this.manager = manager;
    this.runtime = runtime;
    this.summary = summary;
    this.every =
        manager
            .watchdog()
            .map(limit -> limit.dividedBy(3))
            .filter(third -> third.compareTo(LOOK) < 0)
            .orElse(LOOK);
  }

  /**
   * Begins to give signs of life.
   *
   * @param summary what it does, in a few words
   */
  public static Watched begin(
      ServiceManager manager, NsmRuntime runtime, Supplier<String> summary) {
    Watched watched = new Watched(manager, runtime, summary);
    if (manager.isThere()) {
      watched.look();
    }
    return watched;
  }

  /** It does its work once all of that has happened. */
  public void readyAfter(CountDownLatch beginnings) {
    if (manager.isThere()) {
      runtime.executor().execute(() -> awaitReady(beginnings));
    }
  }

  private void awaitReady(CountDownLatch beginnings) {
    try {
      beginnings.await();
      ready();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void ready() {
    if (!closed) {
      ready = true;
      told = status();
      manager.ready(told);
    }
  }

  /** It changes; {@link #changed} follows, or a successor that is ready. */
  public synchronized void changing(String why) {
    manager.reloading(why);
  }

  /** It has changed; whoever was not ready before is not now. */
  public synchronized void changed() {
    if (ready) {
      ready();
    }
  }

  private void look() {
    try {
      // By both, so that neither is stuck.
      runtime.executor().execute(this::alive);
    } catch (RejectedExecutionException ending) {
      return;
    }
    synchronized (this) {
      if (!closed) {
        next = runtime.timer().after(every, this::look);
      }
    }
  }

  private synchronized void alive() {
    if (closed) {
      return;
    }
    if (manager.watchdog().isPresent()) {
      manager.alive();
    }
    String now = status();
    if (ready && !now.equals(told)) {
      told = now;
      manager.status(now);
    }
  }

  private String status() {
    List<HealthItem> troubles = runtime.board().items();
    if (troubles.isEmpty()) {
      return summary.get() + ": all is well";
    }
    HealthItem first = troubles.get(0);
    return "%s %s: %s%s"
        .formatted(
            first.code().text(),
            first.component(),
            first.text(),
            troubles.size() == 1 ? "" : " (and %d more)".formatted(troubles.size() - 1));
  }

  /** It ends, or starts anew. */
  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }
}
