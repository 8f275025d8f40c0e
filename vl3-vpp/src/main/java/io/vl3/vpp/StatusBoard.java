package io.vl3.vpp;

import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.Reason;
import io.vl3.time.Timer;
import io.vl3.vpp.VppStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The status of a data plane, since when it is so, and the listeners to changes of its state.
 *
 * <p>Thread-safe; its lock is not held while a listener runs.
 */
final class StatusBoard {

  private static final Logger LOG = LoggerFactory.getLogger(VppDataPlane.class);

  private final String subject;
  private final Timer timer;
  private final List<Consumer<VppStatus>> listeners = new CopyOnWriteArrayList<>();

  /** Guarded by this. */
  private VppStatus status;

  StatusBoard(String subject, Timer timer) {
    this.subject = subject + ": ";
    this.timer = timer;
    this.status = new VppStatus(State.CONNECTING, "", timer.instant(), 0, Map.of());
  }

  synchronized VppStatus get() {
    return status;
  }

  /** Calls the listener now, in this thread, and at each change of state. */
  void listen(Consumer<VppStatus> listener) {
    listeners.add(listener);
    listener.accept(get());
  }

  /** The agent answers, and all but these links run. */
  void running(int links, Map<LinkKey, String> problems) {
    if (problems.isEmpty()) {
      enter(State.UP, "", links, problems);
    } else {
      enter(State.DEGRADED, "%d links do not run".formatted(problems.size()), links, problems);
    }
  }

  /** The agent cannot be used for now; what did not run before does not run now. */
  void down(int links, String why) {
    enter(State.DOWN, why, links, get().problems());
  }

  /** So many links are wanted; all else is as it was. */
  synchronized void count(int links) {
    status =
        new VppStatus(status.state(), status.detail(), status.since(), links, status.problems());
  }

  /** The failure of changes while the agent is down; empty if it is not. */
  Optional<Failed> away() {
    VppStatus now = get();
    if (now.state() != State.DOWN) {
      return Optional.empty();
    }
    long seconds = Duration.between(now.since(), timer.instant()).toSeconds();
    return Optional.of(
        new Failed(Reason.UNAVAILABLE, "%s [for %d s]".formatted(now.detail(), seconds)));
  }

  /** Once for each cause, however often it is tried. */
  private void log(VppStatus before, VppStatus now) {
    if (before.state() != now.state() || !before.detail().equals(now.detail())) {
      Level level = now.state() == State.UP ? Level.INFO : Level.WARN;
      String cause = now.detail().replace(subject, "");
      LOG.atLevel(level).log("{}{}{}", subject, now.state(), cause.isEmpty() ? "" : ", " + cause);
    }
  }

  private void enter(State state, String detail, int links, Map<LinkKey, String> problems) {
    VppStatus before;
    VppStatus now;
    synchronized (this) {
      before = status;
      Instant since = before.state() == state ? before.since() : timer.instant();
      now = new VppStatus(state, detail, since, links, problems);
      status = now;
    }
    log(before, now);
    if (before.state() != state) {
      listeners.forEach(listener -> listener.accept(now));
    }
  }
}
