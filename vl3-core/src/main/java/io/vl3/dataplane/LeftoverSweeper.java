package io.vl3.dataplane;

import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what an earlier life left in the data plane: links with our tag that nobody has asked for
 * within a grace period of the moment when they were first seen. It looks whenever it is asked to,
 * which is at the start and at each return of what runs the data plane, and when a grace period
 * ends; however often it is asked, one timer runs, and a data plane that comes and goes neither
 * hastens nor delays a removal.
 *
 * <p>Thread-safe; does not block, and holds no lock while it looks.
 */
public final class LeftoverSweeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeftoverSweeper.class);

  /** Before what failed is tried again, at least, as a grace may be short or none. */
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(10);

  private final LinkProgram program;
  private final Timer timer;
  private final Executor executor;
  private final Duration grace;
  private final Duration pause;
  private final boolean keep;
  private final Duration timeout;

  /** When each leftover's grace ends. Guarded by this, like all below. */
  private final Map<LinkKey, Instant> ends = new HashMap<>();

  private final Set<LinkKey> reported = new HashSet<>();
  private Timer.Cancellable next = () -> {};
  private boolean looking;
  private boolean again;
  private boolean closed;

  /**
   * A sweeper that has not looked yet.
   *
   * @param executor where the data plane is called, which blocks
   * @param grace how long a leftover stays after it was first seen
   * @param keep whether leftovers are only reported then
   * @param timeout how long looking and removing may take, each
   */
  public LeftoverSweeper(
      LinkProgram program,
      Timer timer,
      Executor executor,
      Duration grace,
      boolean keep,
      Duration timeout) {
    this.program = program;
    this.timer = timer;
    this.executor = executor;
    this.grace = grace;
    this.pause = grace.compareTo(LEAST_PAUSE) > 0 ? grace : LEAST_PAUSE;
    this.keep = keep;
    this.timeout = timeout;
  }

  /** Looks for leftovers, and removes those whose grace is over. */
  public void look() {
    synchronized (this) {
      again = looking;
      if (closed || looking) {
        return;
      }
      looking = true;
      next.cancel();
    }
    try {
      executor.execute(this::sweep);
    } catch (RejectedExecutionException ending) {
      LOG.debug("leftovers: the owner is ending");
    }
  }

  /** Looks no more; leftovers stay. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }

  private void sweep() {
    boolean looked = false;
    try {
      Set<LinkKey> over = over(program.leftovers(deadline()));
      if (!over.isEmpty()) {
        LOG.info("leftover links: {}{}", over, keep ? " (they stay)" : "");
        settle(over, keep ? Map.of() : program.removeUnwanted(over, deadline()));
      }
      looked = true;
    } catch (EndpointException | RuntimeException failure) {
      LOG.warn("leftovers: not looked for or not removed: {}", failure.getMessage());
    } finally {
      if (end(looked)) {
        look();
      }
    }
  }

  /** Takes over what is left now; answers what of it has to go or to be reported. */
  private synchronized Set<LinkKey> over(Collection<LinkKey> found) {
    ends.keySet().retainAll(found);
    reported.retainAll(found);
    Instant now = timer.instant();
    found.forEach(key -> ends.putIfAbsent(key, now.plus(grace)));
    Set<LinkKey> over = new HashSet<>();
    ends.forEach(
        (key, end) -> {
          if (!end.isAfter(now) && !reported.contains(key)) {
            over.add(key);
          }
        });
    return over;
  }

  /** A link that could not be removed is tried again at the next look. */
  private synchronized void settle(Set<LinkKey> over, Map<LinkKey, LinkOutcome> outcomes) {
    for (LinkKey key : over) {
      if (keep) {
        reported.add(key);
      } else if (!(outcomes.get(key) instanceof LinkOutcome.Failed)) {
        ends.remove(key);
      }
    }
  }

  /** Plans the next look; answers whether it was asked to look meanwhile. */
  private synchronized boolean end(boolean looked) {
    looking = false;
    Instant now = timer.instant();
    Optional<Duration> wait =
        ends.entrySet().stream()
            .filter(entry -> !reported.contains(entry.getKey()))
            .map(entry -> Duration.between(now, entry.getValue()))
            .map(left -> left.compareTo(Duration.ZERO) > 0 ? left : pause)
            .min(Comparator.naturalOrder());
    if (!closed && !again) {
      wait.or(() -> looked ? Optional.empty() : Optional.of(pause))
          .ifPresent(soon -> next = timer.after(soon, this::look));
    }
    return again;
  }

  private Deadline deadline() {
    return Deadline.after(timeout, timer);
  }
}
