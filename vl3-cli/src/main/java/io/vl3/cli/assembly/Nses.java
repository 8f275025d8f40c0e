package io.vl3.cli.assembly;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.DataPlaneConfig.VppConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.Vl3Config;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.element.EndWhenIdle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.CentralIpam;
import io.vl3.grpc.PrefixServer;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.JoinedPrefixes;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.links.NseLinks;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.net.IpPrefix;
import io.vl3.nse.Vl3Nse;
import io.vl3.nse.Vl3NseBuilder;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.manager.RunFiles;
import io.vl3.registry.EndpointRecord;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The NSEs of a configuration, each with a lock, a namespace that routes, and its instance. */
public final class Nses implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Nses.class);

  private final Node node;
  private final Vl3Config config;
  private final RegisteredListener onRegistered;

  private final Undo closing = new Undo();
  private final List<Vl3Nse> instances = new CopyOnWriteArrayList<>();

  private final Optional<EndWhenIdle> idle;

  private Nses(Node node, Vl3Config config, RegisteredListener onRegistered, Runnable onIdle) {
    this.node = node;
    this.config = config;
    this.onRegistered = onRegistered;
    this.idle =
        config
            .nsm()
            .nse()
            .idleTimeout()
            .map(timeout -> new EndWhenIdle(node.runtime().timer(), timeout, onIdle));
  }

  /** Is notified once per NSE, when it is registered. */
  @FunctionalInterface
  public interface RegisteredListener {

    /** The NSE is registered as the record says, and owns what the source says. */
    void registered(EndpointConfig nse, EndpointRecord record, PrefixSource prefixes);
  }

  /**
   * Starts all; they register in the background.
   *
   * @param onRegistered called once per NSE, from several threads
   * @param onIdle called when none of them had a connection for as long as the configuration says
   */
  public static Nses start(
      Node node, Vl3Config config, RegisteredListener onRegistered, Runnable onIdle)
      throws IOException, EndpointException {
    Nses nses = new Nses(node, config, onRegistered, onIdle);
    try {
      for (EndpointConfig endpoint : config.endpoints()) {
        nses.start(endpoint);
      }
      nses.idle.ifPresent(EndWhenIdle::start);
      return nses;
    } catch (IOException | EndpointException | RuntimeException failure) {
      try {
        nses.close();
      } catch (IOException alsoFailed) {
        failure.addSuppressed(alsoFailed);
      }
      throw failure;
    }
  }

  /** The chains that an endpoint of the configuration would have; nothing is started. */
  public static List<Description> describe(Vl3Config config, EndpointConfig endpoint)
      throws EndpointException {
    try (Node node = Node.unconnected(config.state().directory(), config.nsm())) {
      Nses nses = new Nses(node, config, (nse, record, prefixes) -> {}, () -> {});
      return nses.describe(endpoint);
    }
  }

  /** The name of the namespace of an NSE. */
  public static String netnsName(EndpointConfig endpoint) {
    return "vl3-" + endpoint.bareName();
  }

  /** The file that is locked as long as the NSE of the name runs. */
  public static Path lock(Path runDirectory, String name) {
    return runDirectory.resolve("nse").resolve(name + ".lock");
  }

  /** How each is doing. */
  public List<NseStatus> status() {
    return instances.stream().map(Vl3Nse::status).toList();
  }

  /** Each of them, to be looked at. */
  public List<? extends NseView> views() {
    return instances;
  }

  /** Unregisters, closes connections, deletes namespaces. */
  @Override
  public void close() throws IOException {
    closing.close();
  }

  private void start(EndpointConfig endpoint) throws IOException, EndpointException {
    Path nseDirectory = node.runDirectory().resolve("nse");
    TransportUrl url = listenOn(endpoint);
    closing.push(() -> deleteIfEmpty(nseDirectory));
    InstanceLock lock =
        InstanceLock.take(lock(node.runDirectory(), endpoint.name()), endpoint.name());
    closing.push(lock::close);
    if (config.nsm().listenOn().isEmpty()) {
      clear(url);
    }
    NseState state = state(endpoint);
    closing.push(state::close);
    PrefixSource prefixes = prefixes(endpoint, state);
    state.follow(prefixes);
    Vl3Nse instance = instance(endpoint, links(endpoint), prefixes, state, url);
    closing.push(instance::close);
    instances.add(instance);
    instance.start();
    var unused =
        instance
            .registered()
            .thenAccept(record -> onRegistered.registered(endpoint, record, prefixes));
  }

  /** Another process may have an endpoint there. */
  private static void deleteIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException used) {
      LOG.debug("{}: stays, others use it", directory);
    }
  }

  private NseLinks links(EndpointConfig endpoint) throws IOException, EndpointException {
    if (config.dataplane().type().isVpp()) {
      Optional<Path> sockets = config.dataplane().vpp().socketDirectory();
      if (sockets.isPresent()) {
        Files.createDirectories(sockets.get());
      }
      return vppLinks(endpoint);
    }
    return kernelLinks(endpoint, namespace(endpoint));
  }

  private KernelLinks kernelLinks(EndpointConfig endpoint, Netns netns) {
    NsmRuntime runtime = node.runtime();
    return new KernelLinks(endpoint.name(), netns, runtime.timer(), runtime.executor());
  }

  private NseLinks vppLinks(EndpointConfig endpoint) throws EndpointException {
    VppConfig vpp = config.dataplane().vpp();
    if (config.dataplane().type() == DataPlaneConfig.Type.VPP) {
      return ConfiguredVpp.directLinks(endpoint, vpp, node.runtime());
    }
    ManagedChannel channel = ConfiguredVpp.channel(vpp, node.runtime());
    closing.push(channel::shutdownNow);
    return ConfiguredVpp.links(endpoint, vpp, channel, node.runtime());
  }

  private List<Description> describe(EndpointConfig endpoint) throws EndpointException {
    try (closing) {
      NseLinks links =
          config.dataplane().type().isVpp()
              ? vppLinks(endpoint)
              : kernelLinks(endpoint, Netns.named(netnsName(endpoint)));
      return instance(endpoint, links, new NotAsked(), NseState.inMemory(), listenOn(endpoint))
          .describe();
    } catch (IOException failure) {
      throw new EndpointException(Reason.INTERNAL, "verify: " + failure.getMessage(), failure);
    }
  }

  private Vl3Nse instance(
      EndpointConfig endpoint,
      NseLinks links,
      PrefixSource prefixes,
      NseState state,
      TransportUrl url) {
    Vl3NseBuilder nse = ConfiguredNse.builder(endpoint, config, links, prefixes, state, node, url);
    idle.ifPresent(nse::forEverybody);
    return nse.build();
  }

  /** A workload that lives asks again before its token ends: after that its addresses are free. */
  static NseState.Settings keeping(EndpointConfig endpoint, NsmConfig nsm) {
    return new NseState.Settings(endpoint.ipam().rest(), nsm.tokenLifetime());
  }

  /** Without a journal that can be written an endpoint would forget without saying so. */
  private NseState state(EndpointConfig endpoint) throws EndpointException {
    NsmRuntime runtime = node.runtime();
    NseState.Settings settings = keeping(endpoint, config.nsm());
    Optional<Path> journals = config.state().journals();
    if (journals.isEmpty()) {
      return NseState.inMemory(settings, runtime.timer());
    }
    try {
      return NseState.open(
          journals.get().resolve(endpoint.name() + ".journal"),
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

  /** One that a killed process left is taken over with all its links. */
  private Netns namespace(EndpointConfig endpoint) throws IOException {
    String name = netnsName(endpoint);
    Netns netns = Netns.named(name);
    if (!netns.exists()) {
      netns = Netns.create(name);
    }
    closing.push(() -> Netns.delete(name));
    return netns;
  }

  private TransportUrl listenOn(EndpointConfig endpoint) throws EndpointException {
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

  private PrefixSource prefixes(EndpointConfig endpoint, NseState state) throws EndpointException {
    if (endpoint.ipam().choice() instanceof PrefixChoice.Served served) {
      return served(endpoint, served.urls(), state);
    }
    if (endpoint.ipam().choice() instanceof PrefixChoice.Leased leased) {
      return lease(endpoint, leased.serverAddress(), state);
    }
    return new FixedPrefixes(endpoint.ipam().ownPrefixes());
  }

  private PrefixSource served(EndpointConfig endpoint, List<String> urls, NseState state)
      throws EndpointException {
    NsmRuntime runtime = node.runtime();
    List<IpPrefix> former = state.formerPrefixes();
    List<PrefixServer> sources = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      ManagedChannel channel = GrpcChannels.open(urls.get(i), runtime.transport());
      closing.push(channel::shutdownNow);
      PrefixServer source =
          PrefixServer.start(
              GrpcChannels.wakeful(channel),
              urls.get(i),
              endpoint.ipam().excluded(),
              former.size() == urls.size() ? Optional.of(former.get(i)) : Optional.empty(),
              runtime.timer(),
              runtime.random(),
              runtime.reporter().of(endpoint.name()));
      closing.push(source::close);
      sources.add(source);
    }
    return new JoinedPrefixes(sources);
  }

  /** The original's IPAM speaks without TLS. */
  private PrefixSource lease(EndpointConfig endpoint, String server, NseState state)
      throws EndpointException {
    NsmRuntime runtime = node.runtime();
    ManagedChannel channel =
        GrpcChannels.open("tcp://" + server, runtime.transport().withoutTls().withInsecure(true));
    closing.push(channel::shutdownNow);
    EndpointConfig.Lessee lessee = endpoint.lessee();
    CentralIpam ipam =
        CentralIpam.start(
            GrpcChannels.wakeful(channel),
            new CentralIpam.Settings(
                server,
                lessee.address(),
                lessee.name(),
                lessee.connectivityDomain(),
                endpoint.ipam().pools().get(0).family(),
                endpoint.ipam().prefixLengths().get(0)),
            former(endpoint, state),
            runtime.timer(),
            runtime.random(),
            runtime.reporter().of(endpoint.name()));
    closing.push(ipam::close);
    return ipam;
  }

  /** One of another pool, from before the configuration was changed, is not asked for. */
  private static Optional<IpPrefix> former(EndpointConfig endpoint, NseState state) {
    return state.formerPrefixes().stream()
        .filter(prefix -> endpoint.ipam().pools().stream().anyMatch(p -> p.contains(prefix)))
        .findFirst();
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
