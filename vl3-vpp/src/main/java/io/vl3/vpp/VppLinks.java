package io.vl3.vpp;

import io.grpc.ManagedChannel;
import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkProgram;
import io.vl3.dataplane.MeasuredDataPlane;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.ChooseMechanism;
import io.vl3.endpoint.element.LinkFactory;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.links.InstalledLinks;
import io.vl3.links.LinksStatus;
import io.vl3.links.NseLinks;
import io.vl3.registry.DiscoverPeers;
import io.vl3.time.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * MEMIF links of an NSE with a VPP of its own, programmed by VPP's API or through a vpp-agent: what
 * answers and asks for memifs, what programs them, and the removal of what an earlier life left
 * there.
 *
 * <p>With a {@link KernelSide} it answers KERNEL too: interfaces are made in its namespace, from
 * where a way leads to the links that are in VPP. Without one it answers no other mechanism.
 * Thread-safe.
 */
public final class VppLinks implements NseLinks {

  private static final String KERNEL_NAMES = "vl3-";

  private final String endpoint;
  private final VppDataPlane plane;
  private final MeasuredDataPlane measured;
  private final LeftoverSweeper leftovers;
  private final MemifSockets sockets;
  private final Optional<HostWay> host;
  private final List<Endpoint> programming;
  private final Endpoint offering;
  private final List<Endpoint> asking;

  private VppLinks(Builder builder) {
    endpoint = builder.settings.owner();
    plane = builder.plane;
    measured = MeasuredDataPlane.ofNse(plane);
    LinkProgram program = new LinkProgram(measured);
    leftovers =
        new LeftoverSweeper(
            program,
            builder.timer,
            builder.executor,
            builder.leftoverGrace,
            builder.keepLeftovers,
            builder.closeTimeout);
    sockets =
        builder
            .socketDirectory
            .map(directory -> files(directory, builder.workspace))
            .orElseGet(() -> MemifSockets.abstractNames(endpoint, plane::isSocketOfAnother));
    Optional<String> netnsUrl =
        builder.socketDirectory.isPresent() ? Optional.empty() : Optional.of(ownNetnsUrl());
    SocketNames names = new SocketNames(netnsUrl, builder.socketDirectory);
    boolean translated = builder.settings.natAddress().isPresent();
    MemifLinks served = MemifLinks.served(names, translated, VppLinks::isPeer);
    MemifLinks asked = MemifLinks.asked(names);
    Map<String, Endpoint> offers = new LinkedHashMap<>();
    offers.put(Mechanism.MEMIF, new OfferMemif(sockets, OfferMemif.Standing.in(plane), netnsUrl));
    AskMemif asks = new AskMemif(netnsUrl);
    LinkFactory ofServed = served;
    LinkFactory ofAsked = asked;
    Optional<HostWay> made = Optional.empty();
    if (builder.kernelSide.isPresent()) {
      HostWay way = new HostWay(builder.kernelSide.get(), endpoint, builder.timer);
      made = Optional.of(way);
      plane.keepUp(way);
      OfferKernelInterface kernel = new OfferKernelInterface(way.netnsUrl(), KERNEL_NAMES);
      offers.put(Mechanism.KERNEL, kernel);
      asks = asks.or(id -> kernelMechanism(way.netnsUrl(), kernel.interfaceName(id)));
      ofServed = new HostLinks(way, served, true, translated, VppLinks::isPeer);
      ofAsked = new HostLinks(way, asked, false, false, session -> true);
    }
    host = made;
    programming = List.of(new ProgramLink(program, ofServed, builder.timer, builder.closeTimeout));
    offering = new ChooseMechanism(offers);
    asking = List.of(asks, new ProgramLink(program, ofAsked, builder.timer, builder.closeTimeout));
  }

  private static Mechanism kernelMechanism(String netnsUrl, String name) {
    return Mechanism.local(
        Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, netnsUrl, Mechanism.NAME, name));
  }

  private static boolean isPeer(Session session) {
    return session.get(DiscoverPeers.PEER).isPresent();
  }

  private MemifSockets files(Path directory, boolean workspace) {
    return workspace
        ? MemifSockets.namesWithin(directory, endpoint, plane::isSocketOfAnother)
        : MemifSockets.files(directory, endpoint, plane::isSocketOfAnother);
  }

  /**
   * Prepares the links of an endpoint; nothing is called before {@link #start}.
   *
   * @param channel the channel to the agent, which stays the caller's to shut down
   * @param agent its address, for messages
   * @param settings how VPP is programmed; the owner is the endpoint's name
   * @param executor where the agent is called, which blocks
   */
  public static Builder builder(
      ManagedChannel channel,
      String agent,
      VppSettings settings,
      Timer timer,
      Executor executor,
      RandomGenerator random) {
    return new Builder(
        VppDataPlane.of(channel, agent, settings, timer, executor, random),
        settings,
        timer,
        executor);
  }

  /**
   * Prepares the links of an endpoint whose VPP is spoken with directly; nobody is called before
   * {@link #start}.
   *
   * @param vpp where it is
   * @param settings how it is programmed; the owner is the endpoint's name
   * @param executor where it is called, which blocks
   * @param io where one task reads as long as a connection to it lasts
   */
  public static Builder direct(
      VppSocket vpp,
      VppSettings settings,
      Timer timer,
      Executor executor,
      Executor io,
      RandomGenerator random) {
    return new Builder(
        VppDataPlane.direct(vpp, settings, timer, executor, io, random), settings, timer, executor);
  }

  @Override
  public List<Endpoint> programming() {
    return programming;
  }

  @Override
  public Endpoint offering() {
    return offering;
  }

  @Override
  public List<Endpoint> asking() {
    return asking;
  }

  /**
   * Whether VPP has the link, and has not lost its other end, as far as is known: packets cannot be
   * sent from here.
   */
  @Override
  public Optional<LivenessProbe> probe(Duration timeout) {
    return Optional.of(new Runs());
  }

  @Override
  public Optional<LinksStatus> status() {
    VppStatus now = agent();
    boolean up = now.state() == VppStatus.State.UP || now.state() == VppStatus.State.DEGRADED;
    return Optional.of(
        new LinksStatus(
            up, now.links(), now.problems().size(), host.map(HostWay::words).orElse("")));
  }

  /** A memif has the name that VPP's tag says, however the mechanism calls it. */
  @Override
  public String interfaceName(Connection connection) {
    boolean memif =
        connection.mechanism().filter(is -> is.type().equals(Mechanism.MEMIF)).isPresent();
    return memif
        ? UpdatePath.ownId(connection, endpoint)
            .flatMap(own -> plane.interfaceOf(new LinkKey(own.value())))
            .orElse("")
        : NseLinks.super.interfaceName(connection);
  }

  @Override
  public Optional<InstalledLinks> installed() throws EndpointException {
    return Optional.of(plane.installed());
  }

  @Override
  public void reportTo(Reporter reporter) {
    measured.measureBy(reporter.meter());
    plane.measureBy(reporter.meter());
  }

  /** Starts to look at the agent, which need not be there yet. */
  @Override
  public void start() {
    plane.start();
    plane.onStatus(this::onStatus);
  }

  /** Lets go of the agent; links that still exist stay. */
  @Override
  public void close() {
    leftovers.close();
    plane.close();
  }

  /** How the agent is doing. */
  public VppStatus agent() {
    return plane.status();
  }

  /** How many sockets its links have. */
  public int sockets() {
    return sockets.size();
  }

  /** A link's key is our own id of the connection; one that a peer dialled has the peer's id. */
  private boolean runs(Connection connection) {
    return UpdatePath.ownId(connection, endpoint)
        .map(own -> new LinkKey(own.value()))
        .filter(key -> !agent().problems().containsKey(key))
        .filter(key -> !plane.cutOff().contains(key))
        .isPresent();
  }

  /** Sends no packet: asks what is known. */
  private final class Runs implements LivenessProbe {

    @Override
    public boolean alive(Connection connection) {
      return runs(connection);
    }

    @Override
    public boolean isRoundTrip() {
      return false;
    }
  }

  /** At each return of the agent what an earlier life left is looked for. */
  private void onStatus(VppStatus status) {
    if (status.state() == VppStatus.State.UP) {
      leftovers.look();
    }
  }

  /** VPP shares our network namespace, as the containers of a pod do. */
  private static String ownNetnsUrl() {
    return "file:///proc/%d/ns/net".formatted(ProcessHandle.current().pid());
  }

  /** Settings of the links. Not thread-safe. */
  public static final class Builder {

    private static final Duration LEFTOVER_GRACE = Duration.ofMinutes(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final VppDataPlane plane;
    private final VppSettings settings;
    private final Timer timer;
    private final Executor executor;
    private Optional<Path> socketDirectory = Optional.empty();
    private boolean workspace;
    private Optional<KernelSide> kernelSide = Optional.empty();
    private Duration leftoverGrace = LEFTOVER_GRACE;
    private boolean keepLeftovers;
    private Duration closeTimeout = CLOSE_TIMEOUT;

    private Builder(VppDataPlane plane, VppSettings settings, Timer timer, Executor executor) {
      this.plane = plane;
      this.settings = settings;
      this.timer = timer;
      this.executor = executor;
    }

    /**
     * Sockets are files there, which workloads reach by the same path. Unless set they are names
     * without files in VPP's network namespace, which is ours.
     */
    public Builder socketDirectory(Path value) {
      socketDirectory = Optional.of(value);
      workspace = false;
      return this;
    }

    /**
     * Sockets are files there, and told by their names alone, as in the workspace of NSM 0.2, which
     * each side reaches by a path of its own.
     */
    public Builder workspace(Path value) {
      socketDirectory = Optional.of(value);
      workspace = true;
      return this;
    }

    /** KERNEL is offered too, by way of this; unless set it is not. */
    public Builder kernelSide(KernelSide value) {
      kernelSide = Optional.of(value);
      return this;
    }

    /** How long leftovers of an earlier life are kept; ten minutes unless set. */
    public Builder leftoverGrace(Duration value) {
      leftoverGrace = value;
      return this;
    }

    /** Whether leftovers are only reported then; unless set, they are removed. */
    public Builder keepLeftovers(boolean value) {
      keepLeftovers = value;
      return this;
    }

    /** How long the removal of a link is given at least; two seconds unless set. */
    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /** Makes them; nothing is called yet. */
    public VppLinks build() {
      return new VppLinks(this);
    }
  }
}
