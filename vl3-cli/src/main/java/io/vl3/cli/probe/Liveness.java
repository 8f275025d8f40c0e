package io.vl3.cli.probe;

import io.netty.util.concurrent.EventExecutor;
import io.vl3.time.Timer;
import io.vl3.transport.IoThreads;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the threads that everything needs still answer: the one of the timer, and those of
 * sockets. Nothing runs for it while nobody asks. Blocks for a moment, or {@link #PATIENCE} each.
 */
final class Liveness {

  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Timer timer;
  private final IoThreads io;
  private final Duration patience;

  Liveness(Timer timer, IoThreads io) {
    this(timer, io, PATIENCE);
  }

  Liveness(Timer timer, IoThreads io, Duration patience) {
    this.timer = timer;
    this.io = io;
    this.patience = patience;
  }

  List<Check> checks() {
    List<Check> all = new ArrayList<>();
    all.add(answers("timer", answer -> timer.after(Duration.ZERO, answer)));
    int number = 1;
    for (EventExecutor loop : io.group()) {
      all.add(answers("sockets " + number++, loop::execute));
    }
    all.add(deadlocks());
    return all;
  }

  private Check answers(String subject, Worker worker) {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    try {
      worker.run(() -> answered.complete(null));
      answered.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return Check.well(subject);
    } catch (TimeoutException late) {
      return Check.failing(
          subject, "its thread does not answer (expected: within %s)".formatted(patience));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return Check.failing(subject, "not asked, the process ends");
    } catch (Exception refused) {
      return Check.failing(subject, "not asked: " + refused);
    }
  }

  private static Check deadlocks() {
    long[] stuck = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    return stuck == null
        ? Check.well("locks")
        : Check.failing("locks", stuck.length + " threads wait for each other");
  }

  /** Something that runs what it is given. */
  @FunctionalInterface
  private interface Worker {
    void run(Runnable work);
  }
}
