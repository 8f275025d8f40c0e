package io.vl3.cli.assembly;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.DataPlaneConfig.VppConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.element.EndWhenIdle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.links.NseLinks;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.nse.Vl3Nse;
import io.vl3.nse.Vl3NseBuilder;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.nsm.legacy.Workspace;
import io.vl3.nsm.manager.RunFiles;
import io.vl3.transport.TransportUrl;
import io.vl3.vpp.KernelWay;
import io.vl3.workloads.RegisterWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One NSE of the configuration: its place, which is a lock and a namespace, and the instance that
 * runs there. Another instance may follow in the same place, which keeps connections and links.
 * Used by one thread at a time; any may look.
 */
final class RunningNse implements AutoCloseable {

  private final Node node;
  private final String name;
  private final Nses.RegisteredListener onRegistered;
  private final NsePlace place;
  private final Undo running = new Undo();
  private volatile Optional<Vl3Nse> instance = Optional.empty();
  private Optional<Life> life = Optional.empty();

  /** The settings of one life. */
  private record Life(Vl3Config config, EndpointConfig endpoint, Optional<EndWhenIdle> idle) {}

  /**
   * Not started.
   *
   * @param onRegistered told of each instance when it is registered
   */
  RunningNse(Node node, EndpointConfig endpoint, Nses.RegisteredListener onRegistered) {
    this.node = node;
    this.name = endpoint.name();
    this.place = new NsePlace(node.runDirectory(), name, Nses.netnsName(endpoint));
    this.onRegistered = onRegistered;
  }

  /** Where it runs. */
  NsePlace place() {
    return place;
  }

  /** Starts an instance in its place, which must be taken. */
  void start(Vl3Config config, Optional<EndWhenIdle> idle) throws IOException, EndpointException {
    run(life(config, idle));
  }

  /**
   * Ends the instance and starts another one with other settings; links stand meanwhile. If it
   * cannot start, one with the former settings does.
   */
  void renew(Vl3Config config, Optional<EndWhenIdle> idle) throws IOException, EndpointException {
    Life former = life.orElseThrow();
    running.leave();
    try {
      run(life(config, idle));
    } catch (IOException | EndpointException | RuntimeException failure) {
      running.leave();
      run(new Life(former.config(), former.endpoint(), idle));
      throw failure;
    }
  }

  private Life life(Vl3Config config, Optional<EndWhenIdle> idle) {
    EndpointConfig endpoint =
        config.endpoints().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    return new Life(config, endpoint, idle);
  }

  /** The instance that runs now. */
  Optional<Vl3Nse> instance() {
    return instance;
  }

  /** The parts that are not put away yet. */
  List<String> left() {
    List<String> all = new ArrayList<>(running.left());
    all.addAll(place.left());
    return all;
  }

  /** Unregisters, closes connections, deletes the namespace. Idempotent. */
  @Override
  public void close() throws IOException {
    try {
      running.close();
    } finally {
      place.close();
    }
  }

  /** Leaves registration, connections, links and namespace to a successor. Idempotent. */
  void leave() throws IOException {
    try {
      running.leave();
    } finally {
      place.leave();
    }
  }

  private void run(Life begun) throws IOException, EndpointException {
    life = Optional.of(begun);
    Vl3Config config = begun.config();
    EndpointConfig now = begun.endpoint();
    TransportUrl url = listenOn(node, config, now);
    if (config.nsm().listenOn().isEmpty()) {
      clear(url);
    }
    NseState state = state(now, config);
    running.push("journal of " + now.name(), state::close);
    PrefixSource prefixes = ConfiguredPrefixes.open(now, state, node.runtime(), running);
    state.follow(prefixes);
    Optional<LegacyManager> legacy = ConfiguredLegacy.open(now, config.nsm(), node.runtime());
    legacy.ifPresent(manager -> running.push("way to NSM 0.2", manager::close));
    NseLinks links = links(now, config, legacy);
    Optional<RegisterWorkload> names = ConfiguredWorkloads.open(now, node.runtime(), running);
    Vl3Nse nse =
        instance(node, now, config, links, prefixes, state, names, url, legacy, begun.idle());
    running.push(now.name(), nse::close, nse::leave);
    instance = Optional.of(nse);
    nse.start();
    var unused =
        nse.registered().thenAccept(record -> onRegistered.registered(now, record, prefixes));
  }

  /** The chains that it would have; nothing is started. */
  static List<Description> describe(Node node, EndpointConfig endpoint, Vl3Config config)
      throws EndpointException {
    try (Undo closing = new Undo()) {
      Optional<LegacyManager> legacy = ConfiguredLegacy.unconnected(config.nsm(), node.runtime());
      legacy.ifPresent(manager -> closing.push("way to NSM 0.2", manager::close));
      NseLinks links = described(node, endpoint, config, legacy, closing);
      return instance(
              node,
              endpoint,
              config,
              links,
              new NotAsked(),
              NseState.inMemory(),
              ConfiguredWorkloads.open(endpoint, node.runtime(), closing),
              listenOn(node, config, endpoint),
              legacy,
              Nses.idle(node, config, () -> {}))
          .describe();
    } catch (IOException failure) {
      throw new EndpointException(Reason.INTERNAL, "verify: " + failure.getMessage(), failure);
    }
  }

  private static NseLinks described(
      Node node,
      EndpointConfig endpoint,
      Vl3Config config,
      Optional<LegacyManager> legacy,
      Undo closing)
      throws EndpointException {
    Netns netns = Netns.named(Nses.netnsName(endpoint));
    if (config.dataplane().offersKernelBesideVpp()) {
      return withKernel(node, endpoint, config, legacy, netns);
    }
    return config.dataplane().type().isVpp()
        ? vppLinks(node, endpoint, config, legacy, closing)
        : kernelLinks(node, endpoint, netns);
  }

  private NseLinks links(EndpointConfig now, Vl3Config config, Optional<LegacyManager> legacy)
      throws IOException, EndpointException {
    if (config.dataplane().type().isVpp()) {
      Optional<Path> sockets = config.dataplane().vpp().socketDirectory();
      if (sockets.isPresent()) {
        Files.createDirectories(sockets.get());
      }
      return config.dataplane().offersKernelBesideVpp()
          ? withKernel(node, now, config, legacy, place.namespace())
          : vppLinks(node, now, config, legacy, running);
    }
    return kernelLinks(node, now, place.namespace());
  }

  private static NseLinks withKernel(
      Node node,
      EndpointConfig endpoint,
      Vl3Config config,
      Optional<LegacyManager> legacy,
      Netns netns) {
    return new VppWithKernel(
        ConfiguredVpp.directLinks(
            endpoint,
            config.dataplane().vpp(),
            Optional.of(new VppKernelSide(netns, endpoint.name())),
            node.runtime(),
            workspace(legacy)),
        kernelLinks(node, endpoint, netns),
        KernelWay.of(endpoint.name()));
  }

  private static KernelLinks kernelLinks(Node node, EndpointConfig endpoint, Netns netns) {
    NsmRuntime runtime = node.runtime();
    return new KernelLinks(endpoint.name(), netns, runtime.timer(), runtime.executor());
  }

  private static NseLinks vppLinks(
      Node node,
      EndpointConfig endpoint,
      Vl3Config config,
      Optional<LegacyManager> legacy,
      Undo closing)
      throws EndpointException {
    VppConfig vpp = config.dataplane().vpp();
    if (config.dataplane().type() == DataPlaneConfig.Type.VPP) {
      return ConfiguredVpp.directLinks(
          endpoint, vpp, Optional.empty(), node.runtime(), workspace(legacy));
    }
    ManagedChannel channel = ConfiguredVpp.channel(vpp, node.runtime());
    closing.push("channel to " + vpp.address(), channel::shutdownNow);
    return ConfiguredVpp.links(endpoint, vpp, channel, node.runtime(), workspace(legacy));
  }

  private static Optional<Path> workspace(Optional<LegacyManager> legacy) {
    return legacy.map(LegacyManager::workspace).map(Workspace::directory);
  }

  private static Vl3Nse instance(
      Node node,
      EndpointConfig endpoint,
      Vl3Config config,
      NseLinks links,
      PrefixSource prefixes,
      NseState state,
      Optional<RegisterWorkload> names,
      TransportUrl url,
      Optional<LegacyManager> legacy,
      Optional<EndWhenIdle> idle) {
    Vl3NseBuilder nse =
        ConfiguredNse.builder(endpoint, config, links, prefixes, state, node, url, legacy);
    idle.ifPresent(nse::forEverybody);
    names.ifPresent(nse::forWorkloads);
    return nse.build();
  }

  /** A workload that lives asks again before its token ends: after that its addresses are free. */
  static NseState.Settings keeping(EndpointConfig endpoint, NsmConfig nsm) {
    return new NseState.Settings(endpoint.ipam().rest(), nsm.tokenLifetime());
  }

  /** Without a journal that can be written an endpoint would forget without saying so. */
  private NseState state(EndpointConfig now, Vl3Config config) throws EndpointException {
    NsmRuntime runtime = node.runtime();
    NseState.Settings settings = keeping(now, config.nsm());
    Optional<Path> journals = config.state().journals();
    if (journals.isEmpty()) {
      return NseState.inMemory(settings, runtime.timer());
    }
    try {
      return NseState.open(
          journals.get().resolve(now.name() + ".journal"),
          settings,
          runtime.executor(),
          runtime.timer());
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "state.journal: %s (expected: a directory to write in, or state.durable: false) [%s]"
              .formatted(journals.get(), failure),
          failure);
    }
  }

  private static TransportUrl listenOn(Node node, Vl3Config config, EndpointConfig endpoint)
      throws EndpointException {
    Optional<TransportUrl> asked = config.nsm().listenOn().map(TransportUrl::parse);
    if (asked.isPresent()) {
      return asked.get();
    }
    return TransportUrl.Unix.in(node.runDirectory(), "nse/" + endpoint.name() + ".sock");
  }

  /** Only once the lock is ours: before, somebody else may be starting there. */
  private static void clear(TransportUrl url) throws EndpointException {
    if (url instanceof TransportUrl.Unix unix) {
      RunFiles.clearSocket(unix.path());
    }
  }

  /** In place of a source that a chain which is only looked at shall not ask. */
  private record NotAsked() implements PrefixSource {
    @Override
    public State current() {
      return new Missing("not asked");
    }

    @Override
    public void onChange(Runnable listener) {}
  }
}
