package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.measure.Counter;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * Tells the mesh whether packets pass over its links, whoever dialled them. A new link is probed at
 * once and is up with the first answer. After that it is down after several failures in a row, and
 * up again after several answers, so that it does not flap. One that a peer dialled is answered
 * here before it is made, so it is down only once there was time to make it. Probes run side by
 * side. Thread-safe.
 */
public final class ProbeLinks implements AutoCloseable {

  private final PeerMesh mesh;
  private final LivenessProbe probe;
  private final Settings settings;
  private final Executor executor;
  private final Timer timer;
  private final Meter meter;
  private final Counter answered;
  private final Counter unanswered;

  private final Map<ConnectionId, Score> scores = new HashMap<>();
  private final Map<ConnectionId, Duration> roundTrips = new HashMap<>();

  /** Until when links that peers dialled, and that have not answered yet, may be in the making. */
  private final Map<ConnectionId, Instant> inTheMaking = new HashMap<>();

  private final Set<ConnectionId> underWay = new HashSet<>();

  /** Those under way over links that were mended since: that they fail says nothing. */
  private final Set<ConnectionId> outdated = new HashSet<>();

  /** Links that were made and wait for their first probe. */
  private final Set<ConnectionId> made = new LinkedHashSet<>();

  /** Probes before the next round, of links that are down or whose last one was not answered. */
  private final Map<ConnectionId, Timer.Cancellable> soon = new HashMap<>();

  private Timer.Cancellable next = () -> {};
  private boolean closed;

  /**
   * A prober; nothing happens before {@link #start}.
   *
   * @param probe is given every link as if we had dialled it: our addresses are the client's
   * @param executor where rounds begin, and probes run that block
   */
  public ProbeLinks(
      PeerMesh mesh, LivenessProbe probe, Settings settings, Executor executor, Timer timer) {
    this.mesh = mesh;
    this.probe = probe;
    this.settings = settings;
    this.executor = executor;
    this.timer = timer;
    this.meter = mesh.meter();
    this.answered = meter.counter(Measure.PROBES, "answered");
    this.unanswered = meter.counter(Measure.PROBES, "unanswered");
  }

  /** How long the newest answered probe of each link took; of others there is none. A snapshot. */
  public synchronized Map<ConnectionId, Duration> roundTrips() {
    return Map.copyOf(roundTrips);
  }

  /** Starts to probe: from now on links count as up only when packets pass. */
  public void start() {
    mesh.probing(true);
    mesh.onLink(this::linkMade);
    executor.execute(this::round);
  }

  /** Starts no more probes; links count as up from now on. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      next.cancel();
      soon.values().forEach(Timer.Cancellable::cancel);
      soon.clear();
    }
    mesh.onLink(id -> {});
    mesh.probing(false);
  }

  private void round() {
    List<ProbedLink> links = mesh.links();
    forgetOthers(links);
    links.forEach(this::begin);
    schedule();
  }

  private synchronized void schedule() {
    if (!closed) {
      next = timer.after(settings.every(), () -> executor.execute(this::round));
    }
  }

  private synchronized void forgetOthers(List<ProbedLink> links) {
    Set<ConnectionId> standing = links.stream().map(ProbedLink::id).collect(Collectors.toSet());
    scores.keySet().retainAll(standing);
    roundTrips.keySet().retainAll(standing);
    inTheMaking.keySet().retainAll(standing);
  }

  /**
   * Many links made at once are begun together. One that was down and was asked for with success is
   * to be judged by what comes after.
   */
  private void linkMade(ConnectionId id) {
    synchronized (this) {
      if (closed) {
        return;
      }
      Score known = scores.get(id);
      if (known != null) {
        judgeAnew(id, known);
        return;
      }
      boolean first = made.isEmpty();
      made.add(id);
      if (!first) {
        return;
      }
    }
    executor.execute(this::beginNew);
  }

  private void judgeAnew(ConnectionId id, Score known) {
    if (known.standing() == Standing.DOWN) {
      scores.put(id, known.countedAnew());
      if (underWay.contains(id)) {
        outdated.add(id);
      }
    }
  }

  private void beginNew() {
    for (ConnectionId id : takeMade()) {
      mesh.link(id).ifPresent(this::begin);
    }
  }

  private synchronized List<ConnectionId> takeMade() {
    List<ConnectionId> taken = List.copyOf(made);
    made.clear();
    return taken;
  }

  /** A slow probe is not overtaken by the next. */
  private void begin(ProbedLink link) {
    synchronized (this) {
      if (closed || !underWay.add(link.id())) {
        return;
      }
      if (scores.putIfAbsent(link.id(), Score.NEW) == null && link.dialler() == Dialler.PEER) {
        inTheMaking.put(link.id(), timer.instant().plus(settings.making()));
      }
    }
    long since = meter.nanos();
    begun(link)
        .whenComplete(
            (alive, failure) -> {
              boolean answer = failure == null && alive;
              measured(link.id(), answer, meter.nanos() - since);
              ended(link, answer);
            });
  }

  /** A probe that cannot even be begun counts as one that is not answered. */
  private CompletionStage<Boolean> begun(ProbedLink link) {
    try {
      return probe.begin(link.connection(), executor);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private synchronized void measured(ConnectionId id, boolean answer, long nanos) {
    if (answer) {
      answered.add();
      if (probe.isRoundTrip()) {
        roundTrips.put(id, Duration.ofNanos(nanos));
      }
    } else {
      unanswered.add();
      roundTrips.remove(id);
    }
  }

  private void ended(ProbedLink link, boolean alive) {
    tell(link.id(), noted(link, alive));
  }

  private synchronized Score noted(ProbedLink link, boolean alive) {
    ConnectionId id = link.id();
    underWay.remove(id);
    Score before = scores.getOrDefault(id, Score.NEW);
    Score score = outdated.remove(id) && !alive ? before : before.after(alive);
    if (alive) {
      inTheMaking.remove(id);
    }
    if (isInTheMaking(id, score)) {
      // Rounds look at it, which is often enough for what is not known to be wrong.
      scores.put(id, score.notYetDown(settings.failuresToDown()));
      return scores.get(id);
    }
    if (isDown(score)) {
      // After each report the count begins anew: a link that stays down is reported again and
      // again.
      scores.put(id, new Score(Standing.DOWN, false, 0));
    } else if (isUp(score)) {
      scores.put(id, new Score(Standing.UP, true, 0));
    } else {
      scores.put(id, score);
      if (!alive || score.standing() == Standing.DOWN) {
        probeSoon(link);
      }
    }
    return score;
  }

  private boolean isInTheMaking(ConnectionId id, Score score) {
    Instant until = inTheMaking.get(id);
    return isDown(score) && until != null && until.isAfter(timer.instant());
  }

  /**
   * Once one probe failed, or one of a link that is down was answered, what is the matter is to be
   * known before long.
   */
  private void probeSoon(ProbedLink link) {
    if (closed) {
      return;
    }
    Timer.Cancellable planned =
        timer.after(settings.afterFailure(), () -> executor.execute(() -> probeAgain(link.id())));
    Timer.Cancellable before = soon.put(link.id(), planned);
    if (before != null) {
      before.cancel();
    }
  }

  /** A link that is gone by now is forgotten. */
  private void probeAgain(ConnectionId id) {
    synchronized (this) {
      soon.remove(id);
    }
    mesh.link(id).ifPresent(this::begin);
  }

  private void tell(ConnectionId id, Score score) {
    if (isDown(score)) {
      mesh.linkDown(id, "liveness: %d probes unanswered".formatted(score.inRow()));
    } else if (isUp(score)) {
      mesh.linkUp(id);
    } else if (score.alive() && score.inRow() > 0 && score.standing() == Standing.DOWN) {
      mesh.linkAnswers(id);
    }
  }

  private boolean isDown(Score score) {
    return !score.alive() && score.inRow() >= settings.failuresToDown();
  }

  private boolean isUp(Score score) {
    int needed = score.standing() == Standing.NEW ? 1 : settings.answersToUp();
    return score.alive() && score.inRow() >= needed;
  }

  private enum Standing {
    NEW,
    UP,
    DOWN
  }

  /**
   * The standing that was last reported, the result of the last probes, and how many of them in a
   * row.
   */
  private record Score(Standing standing, boolean alive, int inRow) {

    static final Score NEW = new Score(Standing.NEW, true, 0);

    Score countedAnew() {
      return new Score(standing, alive, 0);
    }

    Score notYetDown(int failuresToDown) {
      return new Score(standing, alive, failuresToDown - 1);
    }

    Score after(boolean nowAlive) {
      return new Score(standing, nowAlive, nowAlive == alive ? inRow + 1 : 1);
    }
  }

  /**
   * How often, and what it takes.
   *
   * @param every between the starts of two rounds
   * @param afterFailure between the end of a probe that was not answered, or whose link is down,
   *     and the next
   * @param failuresToDown failures in a row that make a link down
   * @param answersToUp answers in a row that make it up again
   * @param making how long it may take to make a link that a peer dialled, since the first probe
   */
  public record Settings(
      Duration every, Duration afterFailure, int failuresToDown, int answersToUp, Duration making) {

    /** Every 1.2 s, after a failure 0.3 s; down after 3, up after 2; 15 s to make one. */
    public static final Settings DEFAULT =
        new Settings(
            Duration.ofMillis(1_200), Duration.ofMillis(300), 3, 2, Duration.ofSeconds(15));

    /** These settings with another time after a failure. */
    public Settings withAfterFailure(Duration changed) {
      return new Settings(every, changed, failuresToDown, answersToUp, making);
    }

    /** These settings with another number of failures. */
    public Settings withFailuresToDown(int changed) {
      return new Settings(every, afterFailure, changed, answersToUp, making);
    }

    /** These settings with another number of answers. */
    public Settings withAnswersToUp(int changed) {
      return new Settings(every, afterFailure, failuresToDown, changed, making);
    }

    /** These settings with other rounds, and no longer wait after a failure than between them. */
    public Settings every(Duration rounds) {
      Duration soon = afterFailure.compareTo(rounds) < 0 ? afterFailure : rounds;
      return new Settings(rounds, soon, failuresToDown, answersToUp, making);
    }
  }
}
