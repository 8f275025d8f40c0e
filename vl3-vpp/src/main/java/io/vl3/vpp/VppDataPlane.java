package io.vl3.vpp;

import io.grpc.ManagedChannel;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.endpoint.Reason;
import io.vl3.time.Timer;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.AgentCheck;
import io.vl3.vpp.internal.AgentClient;
import io.vl3.vpp.internal.AgentException;
import io.vl3.vpp.internal.AgentWatch;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.internal.Programmer;
import io.vl3.vpp.internal.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VPP as a data plane, through the configurator API of a vpp-agent. Of each link it programs the
 * end that is a {@link io.vl3.dataplane.Attachment.Memif}.
 *
 * <p>It asks what the agent knows and looks at what it holds before it sends anything, and again
 * whenever the agent was lost and is back, when a notification hints at a loss, and from time to
 * time: what is missing is sent by plain updates. While the agent is away, changes fail at once and
 * say since when and why; links that run go on. A full resync is never sent.
 *
 * <p>Thread-safe; calls take turns.
 */
public final class VppDataPlane implements DataPlane {

  private static final Logger LOG = LoggerFactory.getLogger(VppDataPlane.class);
  private static final Duration HINT_DELAY = Duration.ofMillis(200);

  /** A look at everything may take many calls. */
  private static final int CALLS_PER_TURN = 12;

  private final VppSettings settings;
  private final Timer timer;
  private final Executor executor;
  private final RandomGenerator random;
  private final AgentClient client;
  private final AgentCheck check;
  private final Programmer programmer;
  private final Turn turn = new Turn();
  private final StatusBoard status;

  /** Guarded by this, like all below. */
  private int failures;

  private Timer.Cancellable nextLook = () -> {};
  private boolean hinted;
  private Optional<AgentWatch> watch = Optional.empty();
  private boolean closed;

  private VppDataPlane(
      ManagedChannel channel,
      String agent,
      VppSettings settings,
      Timer timer,
      Executor executor,
      RandomGenerator random) {
    this.settings = settings;
    this.timer = timer;
    this.executor = executor;
    this.random = random;
    this.client =
        new AgentClient(
            channel, agent, new OwnerNames(settings.owner()).source(), settings.pace().call());
    this.check = new AgentCheck(client, settings);
    this.programmer = new Programmer(client, settings);
    this.status = new StatusBoard(agent, timer);
  }

  /**
   * A data plane that calls nobody before {@link #start}.
   *
   * @param channel the channel to the agent, which stays the caller's to shut down
   * @param agent its address, for messages
   * @param executor where it is called, which blocks
   */
  public static VppDataPlane of(
      ManagedChannel channel,
      String agent,
      VppSettings settings,
      Timer timer,
      Executor executor,
      RandomGenerator random) {
    return new VppDataPlane(channel, agent, settings, timer, executor, random);
  }

  /** A data plane that has started. */
  public static VppDataPlane open(
      ManagedChannel channel,
      String agent,
      VppSettings settings,
      Timer timer,
      Executor executor,
      RandomGenerator random) {
    VppDataPlane plane = of(channel, agent, settings, timer, executor, random);
    plane.start();
    return plane;
  }

  /** Starts to look at the agent, which need not be there yet. */
  public void start() {
    run(this::look);
  }

  /** How it is doing. */
  public VppStatus status() {
    return status.get();
  }

  /** Is told the status now, in this thread, and at each change of state; must not block. */
  public void onStatus(Consumer<VppStatus> listener) {
    status.tell(listener);
  }

  /**
   * Whether an interface of another link of ours in VPP has the socket, as far as is known: also
   * one of an earlier life that nobody wants.
   */
  public boolean isSocketOfAnother(String socket, LinkKey key) {
    return programmer.isSocketOfAnother(socket, key);
  }

  @Override
  public List<LinkOutcome> apply(List<LinkChange> changes) {
    Optional<Failed> away = status.away();
    if (away.isPresent()) {
      return withTurn(() -> programmer.whileAway(changes, away.get()), changes);
    }
    return withTurn(() -> applyInTurn(changes), changes);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The key of a link of an earlier life is not known before it is put again; until then it
   * shows as {@code #ID}, which can be removed like a key.
   *
   * @throws IllegalStateException if the agent does not answer
   */
  @Override
  public Set<LinkKey> observe() {
    if (!turn.take(longestTurn())) {
      throw new IllegalStateException(busy());
    }
    try {
      compare();
      return programmer.keys();
    } catch (AgentException failure) {
      lost(failure.getMessage());
      throw new IllegalStateException(failure.getMessage(), failure);
    } finally {
      turn.give();
    }
  }

  @Override
  public boolean mendsOnPut() {
    return true;
  }

  @Override
  public void close() {
    Optional<AgentWatch> listening;
    synchronized (this) {
      closed = true;
      nextLook.cancel();
      listening = watch;
      watch = Optional.empty();
    }
    listening.ifPresent(AgentWatch::close);
  }

  private interface Work {
    List<LinkOutcome> run();
  }

  private List<LinkOutcome> withTurn(Work work, List<LinkChange> changes) {
    if (!turn.take(longestTurn())) {
      return all(changes, new Failed(Reason.DEADLINE, busy()));
    }
    try {
      return work.run();
    } finally {
      turn.give();
    }
  }

  private List<LinkOutcome> applyInTurn(List<LinkChange> changes) {
    if (status().state() == State.CONNECTING) {
      try {
        compare();
      } catch (AgentException failure) {
        lost(failure.getMessage());
        return programmer.whileAway(changes, new Failed(Reason.UNAVAILABLE, failure.getMessage()));
      }
    }
    Programmer.Result result = programmer.apply(changes);
    result
        .lost()
        .ifPresentOrElse(cause -> lost(cause.getMessage()), () -> status.count(programmer.size()));
    return result.outcomes();
  }

  /** Compares and mends; then listens, and looks again later. */
  private void look() {
    if (isClosed()) {
      return;
    }
    if (!turn.take(longestTurn())) {
      lookLater();
      return;
    }
    try {
      client.hurry();
      compare();
    } catch (AgentException failure) {
      lost(failure.getMessage());
    } catch (RuntimeException fault) {
      LOG.error("vpp-agent at {}: look failed by a fault of ours", client.agent(), fault);
      lost(fault.toString());
    } finally {
      turn.give();
    }
  }

  private void compare() throws AgentException {
    synchronized (this) {
      hinted = false;
    }
    check.check();
    programmer.compare();
    lookedAt();
  }

  private void lookedAt() {
    Map<LinkKey, String> problems = programmer.problems();
    synchronized (this) {
      failures = problems.isEmpty() ? 0 : failures + 1;
      lookAfter(untilNextLook());
    }
    status.running(programmer.size(), problems);
    listen();
  }

  /**
   * The caller holds the lock. A hint that came since the look began may be of what it did not see
   * any more.
   */
  private Duration untilNextLook() {
    if (failures > 0) {
      return shorter(settings.pace().again().delay(failures, random), settings.pace().verify());
    }
    return hinted ? HINT_DELAY : settings.pace().verify();
  }

  private void lost(String why) {
    Optional<AgentWatch> listening;
    synchronized (this) {
      if (closed) {
        return;
      }
      listening = watch;
      watch = Optional.empty();
      failures++;
      lookAfter(settings.pace().again().delay(failures, random));
    }
    listening.ifPresent(AgentWatch::close);
    status.down(programmer.size(), why);
  }

  private void listen() {
    synchronized (this) {
      if (closed || watch.isPresent()) {
        return;
      }
      watch =
          Optional.of(
              AgentWatch.start(client, this::hint, why -> run(() -> notificationsEnded(why))));
    }
  }

  /**
   * The agent is gone, or something between keeps no streams: a look tells. Only the look after it
   * listens again.
   */
  private void notificationsEnded(String why) {
    LOG.debug("vpp-agent at {}: notifications ended: {}", client.agent(), why);
    look();
    synchronized (this) {
      watch = watch.filter(AgentWatch::isOpen);
    }
  }

  /** An interface of ours went: a look soon, one for many hints. */
  private void hint(String interfaceName) {
    if (!programmer.wantsInterface(interfaceName) || status().state() == State.DOWN) {
      return;
    }
    synchronized (this) {
      if (!hinted && !closed) {
        hinted = true;
        lookAfter(HINT_DELAY);
      }
    }
  }

  private synchronized void lookLater() {
    lookAfter(settings.pace().verify());
  }

  /** The caller holds the lock. */
  private void lookAfter(Duration wait) {
    nextLook.cancel();
    nextLook = closed ? () -> {} : timer.after(wait, () -> run(this::look));
  }

  private void run(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException ending) {
      LOG.debug("vpp-agent at {}: the owner is ending", client.agent());
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private Duration longestTurn() {
    return settings.pace().call().multipliedBy(CALLS_PER_TURN);
  }

  private String busy() {
    return "vpp-agent at %s: busy (expected: free within %s)"
        .formatted(client.agent(), longestTurn());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static List<LinkOutcome> all(List<LinkChange> changes, Failed failed) {
    return changes.stream().<LinkOutcome>map(change -> failed).toList();
  }
}
