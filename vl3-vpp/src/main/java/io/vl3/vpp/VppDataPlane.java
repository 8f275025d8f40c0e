package io.vl3.vpp;

import io.grpc.ManagedChannel;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.InstalledLinks;
import io.vl3.measure.Meter;
import io.vl3.time.Timer;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.AgentClient;
import io.vl3.vpp.internal.Configurator;
import io.vl3.vpp.internal.Configurator.Reading;
import io.vl3.vpp.internal.InstalledView;
import io.vl3.vpp.internal.MeasuredCalls;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.internal.Programmer;
import io.vl3.vpp.internal.Turn;
import io.vl3.vpp.internal.VppException;
import io.vl3.vpp.internal.direct.DirectVpp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VPP as a data plane, by its own API or through the configurator API of a vpp-agent. Of each link
 * it programs the end that is a {@link io.vl3.dataplane.Attachment.Memif}.
 *
 * <p>Before it sends anything, and again every few seconds, it asks which models the agent knows
 * and reads what the agent holds. So it learns that the agent or its VPP is gone. It sends what is
 * missing by plain updates. It does not use the agent's notifications: an agent may end when a
 * client that listened to them leaves. While the agent is away, changes fail at once, with since
 * when and why; links that run go on. It never sends a full resync.
 *
 * <p>Thread-safe; calls take turns.
 */
public final class VppDataPlane implements DataPlane {

  private static final Logger LOG = LoggerFactory.getLogger(VppDataPlane.class);

  /** A look at everything may take many calls. */
  private static final int CALLS_PER_TURN = 12;

  private final VppSettings settings;
  private final Timer timer;
  private final Executor executor;
  private final MeasuredCalls client;
  private final Programmer programmer;
  private final Turn turn = new Turn();
  private final StatusBoard status;
  private final Looks looks;
  private volatile Optional<HostWay> host = Optional.empty();

  private VppDataPlane(
      Configurator client,
      VppSettings settings,
      Timer timer,
      Executor executor,
      RandomGenerator random) {
    this.settings = settings;
    this.timer = timer;
    this.executor = executor;
    this.client = new MeasuredCalls(client);
    this.programmer = new Programmer(this.client, settings);
    this.status = new StatusBoard(client.subject(), timer);
    this.looks = new Looks(settings.pace(), timer, random, () -> run(this::look));
  }

  /**
   * A data plane that calls nobody before {@link #start}.
   *
   * @param channel the channel to the agent, which stays the caller's to shut down; one that takes
   *     16 MiB of headers (8 KiB is gRPC's own limit), because an agent names all that it refuses
   *     in one status
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
    AgentClient client =
        new AgentClient(
            channel, agent, new OwnerNames(settings.owner()).source(), settings.pace().call());
    return new VppDataPlane(client, settings, timer, executor, random);
  }

  /**
   * A data plane that speaks with VPP itself, and with nobody before {@link #start}.
   *
   * @param access where VPP is
   * @param executor where it is called, which blocks
   * @param io where one task reads as long as a connection to VPP lasts
   */
  public static VppDataPlane direct(
      VppSocket access,
      VppSettings settings,
      Timer timer,
      Executor executor,
      Executor io,
      RandomGenerator random) {
    OwnerNames names = new OwnerNames(settings.owner());
    DirectVpp client =
        new DirectVpp(
            access.path(),
            access.descriptions(),
            names.source(),
            settings.pace().call(),
            io,
            name -> names.idOf(name).isPresent());
    VppDataPlane plane = new VppDataPlane(client, settings, timer, executor, random);
    client.onSurprise(plane::lookSoon);
    return plane;
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

  /**
   * Links whose other end was there and went: packets do not pass. Only VPP itself shows that, so
   * none through an agent.
   */
  public Set<LinkKey> cutOff() {
    return programmer.keysOf(client.cutOff());
  }

  /** Counts calls there from now on, and takes their time. */
  public void measureBy(Meter meter) {
    client.measureBy(meter);
  }

  /** Keeps the way to the kernel's interfaces up, from the next look on. */
  void keepUp(HostWay way) {
    host = Optional.of(way);
  }

  /** The interface of a wanted link. */
  Optional<String> interfaceOf(LinkKey key) {
    return programmer.interfaceOf(key);
  }

  /**
   * What VPP runs now: of ours the interfaces, of everybody the routes. Blocks for some calls.
   *
   * @throws EndpointException UNAVAILABLE if VPP does not answer
   */
  InstalledLinks installed() throws EndpointException {
    Optional<Failed> away = status.away();
    if (away.isPresent()) {
      throw new EndpointException(away.get().reason(), away.get().message());
    }
    if (!turn.take(longestTurn())) {
      throw new EndpointException(Reason.UNAVAILABLE, busy());
    }
    try {
      return InstalledView.of(client.read(), new OwnerNames(settings.owner()), client.traffic());
    } catch (VppException failure) {
      throw failure.toEndpointException();
    } finally {
      turn.give();
    }
  }

  /** How it is doing. */
  public VppStatus status() {
    return status.get();
  }

  /** Calls the listener now, in this thread, and at each change of state; it must not block. */
  public void onStatus(Consumer<VppStatus> listener) {
    status.listen(listener);
  }

  /**
   * Whether an interface of another link of ours in VPP has the socket, as far as is known: also
   * one of an earlier life that nobody wants.
   */
  public boolean isSocketOfAnother(String socket, LinkKey key) {
    return programmer.isSocketOfAnother(socket, key);
  }

  /** The socket that the link's interface in VPP has, as far as is known, also from before. */
  Optional<String> socketOf(LinkKey key) {
    return programmer.socketOf(key);
  }

  /**
   * Looks for the first time, unless that has happened: before it, nothing is known of what an
   * earlier process left. Blocks for some calls then; a VPP that is away stays unknown.
   */
  void lookFirst() {
    if (status().state() != State.CONNECTING || !turn.take(longestTurn())) {
      return;
    }
    try {
      if (status().state() == State.CONNECTING) {
        compare(Optional.empty(), timer.instant());
      }
    } catch (VppException failure) {
      lost(failure.getMessage());
    } finally {
      turn.give();
    }
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
      compare(Optional.empty(), timer.instant());
      return programmer.keys();
    } catch (VppException failure) {
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
    looks.close();
    client.close();
  }

  private List<LinkOutcome> withTurn(Supplier<List<LinkOutcome>> work, List<LinkChange> changes) {
    if (!turn.take(longestTurn())) {
      return all(changes, new Failed(Reason.DEADLINE, busy()));
    }
    try {
      return work.get();
    } finally {
      turn.give();
    }
  }

  private List<LinkOutcome> applyInTurn(List<LinkChange> changes) {
    if (status().state() == State.CONNECTING) {
      try {
        compare(Optional.empty(), timer.instant());
      } catch (VppException failure) {
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

  /** Compares and mends, and looks again later. */
  private void look() {
    if (!looks.begin()) {
      return;
    }
    try {
      Instant begin = timer.instant();
      Optional<Reading> reading = begin();
      reading.ifPresent(Reading::run);
      lookInTurn(reading, begin);
    } catch (RuntimeException fault) {
      LOG.error("{}: look failed by a fault of ours", client.subject(), fault);
      lost(fault.toString());
    } finally {
      looks.end();
    }
  }

  /** Begins to read what can be read while links change. */
  private Optional<Reading> begin() {
    if (!turn.take(longestTurn())) {
      return Optional.empty();
    }
    try {
      return client.begin();
    } finally {
      turn.give();
    }
  }

  private void lookInTurn(Optional<Reading> reading, Instant begin) {
    if (!turn.take(longestTurn())) {
      looks.later();
      return;
    }
    try {
      client.hurry();
      compare(reading, begin);
    } catch (VppException failure) {
      lost(failure.getMessage());
    } finally {
      turn.give();
    }
  }

  private void compare(Optional<Reading> reading, Instant begin) throws VppException {
    client.check(settings);
    boolean anew = host.map(way -> way.prepare(client.process())).orElse(false);
    programmer.compare(reading, anew);
    lookedAt(Duration.between(begin, timer.instant()));
  }

  private void lookedAt(Duration took) {
    Map<LinkKey, String> problems = programmer.problems();
    boolean isBack = status().state() == State.DOWN;
    looks.looked(took, problems.isEmpty(), isBack, client.seeksOtherEnds());
    status.running(programmer.size(), problems);
  }

  private void lost(String why) {
    if (looks.lost()) {
      status.down(programmer.size(), why);
    }
  }

  /** VPP reported that something is not as we left it; the look that follows shows the rest. */
  private void lookSoon() {
    if (status().state() != State.DOWN) {
      looks.soon();
    }
  }

  private void run(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException ending) {
      LOG.debug("{}: the owner is ending", client.subject());
    }
  }

  private Duration longestTurn() {
    return settings.pace().call().multipliedBy(CALLS_PER_TURN);
  }

  private String busy() {
    return "%s: busy (expected: free within %s)".formatted(client.subject(), longestTurn());
  }

  private static List<LinkOutcome> all(List<LinkChange> changes, Failed failed) {
    return changes.stream().<LinkOutcome>map(change -> failed).toList();
  }
}
