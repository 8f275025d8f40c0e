package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Tells the mesh whether packets pass over the links that we dialled. Probes run side by side; a
 * link is down after several failures in a row, and up again after several answers, so that it does
 * not flap. Thread-safe.
 */
public final class ProbeLinks implements AutoCloseable {

  private final PeerMesh mesh;
  private final LivenessProbe probe;
  private final Settings settings;
  private final Executor executor;
  private final Timer timer;

  private final Map<ConnectionId, Score> scores = new HashMap<>();
  private final Set<ConnectionId> underWay = new HashSet<>();
  private Timer.Cancellable next = () -> {};
  private boolean closed;

  /**
   * A prober; nothing happens before {@link #start}.
   *
   * @param executor where probes run, which block
   */
  public ProbeLinks(
      PeerMesh mesh, LivenessProbe probe, Settings settings, Executor executor, Timer timer) {
    this.mesh = mesh;
    this.probe = probe;
    this.settings = settings;
    this.executor = executor;
    this.timer = timer;
  }

  /** Starts to probe. */
  public synchronized void start() {
    if (!closed) {
      next = timer.after(settings.every(), () -> executor.execute(this::round));
    }
  }

  /** Starts no more probes. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }

  private void round() {
    List<Connection> links = mesh.ownLinks();
    forgetOthers(links);
    for (Connection link : links) {
      if (begin(link.requireId())) {
        executor.execute(() -> probe(link));
      }
    }
    start();
  }

  private synchronized void forgetOthers(List<Connection> links) {
    scores.keySet().retainAll(links.stream().map(Connection::requireId).toList());
  }

  /** A slow probe is not overtaken by the next. */
  private synchronized boolean begin(ConnectionId id) {
    return underWay.add(id);
  }

  private void probe(Connection link) {
    boolean alive = false;
    try {
      alive = probe.alive(link);
    } finally {
      tell(link.requireId(), noted(link.requireId(), alive));
    }
  }

  private synchronized Score noted(ConnectionId id, boolean alive) {
    underWay.remove(id);
    Score score = scores.getOrDefault(id, Score.NEW).after(alive);
    // Told once, the count begins anew: a link that stays down is told again and again.
    scores.put(id, isDown(score) || isUp(score) ? new Score(alive, 0) : score);
    return score;
  }

  private void tell(ConnectionId id, Score score) {
    if (isDown(score)) {
      mesh.linkDown(id, "liveness: %d probes unanswered".formatted(score.inRow()));
    } else if (isUp(score)) {
      mesh.linkUp(id);
    }
  }

  private boolean isDown(Score score) {
    return !score.alive() && score.inRow() >= settings.failuresToDown();
  }

  private boolean isUp(Score score) {
    return score.alive() && score.inRow() >= settings.answersToUp();
  }

  /** What the last probes said, and how many of them in a row. */
  private record Score(boolean alive, int inRow) {

    static final Score NEW = new Score(true, 0);

    Score after(boolean nowAlive) {
      return new Score(nowAlive, nowAlive == alive ? inRow + 1 : 1);
    }
  }

  /**
   * How often, and what it takes.
   *
   * @param every between the starts of two rounds
   * @param failuresToDown failures in a row that make a link down
   * @param answersToUp answers in a row that make it up again
   */
  public record Settings(Duration every, int failuresToDown, int answersToUp) {

    /** Every 1.2 s; down after 3, up after 2. */
    public static final Settings DEFAULT = new Settings(Duration.ofMillis(1_200), 3, 2);
  }
}
