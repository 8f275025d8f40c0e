package io.vl3.nsm.legacy;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.Dialect;
import io.vl3.grpc.internal.RemoteMonitor;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.Registry;
import io.vl3.transport.GrpcChannels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A manager of the 0.2 API: what is asked of it in our workspace, and the registry where endpoints
 * are searched. Thread-safe; connects when first used.
 */
public final class LegacyManager implements AutoCloseable {

  /** How often a watch searches, unless it is set: as long as a peer may stay unseen. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final NsmRuntime runtime;
  private final Workspace workspace;
  private final ManagedChannel manager;
  private final Optional<ManagedChannel> discovery;
  private final EndpointNames names = new EndpointNames();
  private final Dialled dialled = new Dialled();
  private final ReplaceForgotten forgotten = new ReplaceForgotten();
  private final Registry registry;
  private final SearchForStranger strangers;
  private final Endpoint networkService;
  private final ConnectionMonitor monitor;

  private LegacyManager(
      NsmRuntime runtime,
      Workspace workspace,
      ManagedChannel manager,
      Optional<ManagedChannel> discovery,
      Duration interval,
      Optional<AskedWorkspace.Asking> asking) {
    this.runtime = runtime;
    this.workspace = workspace;
    this.manager = manager;
    this.discovery = discovery;
    Channel here = GrpcChannels.wakeful(manager);
    LegacyRegistry there =
        new LegacyRegistry(
            here,
            discovery.<Channel>map(GrpcChannels::wakeful).orElse(here),
            names,
            new LegacyRegistry.Times(runtime.requestTimeout(), interval),
            runtime.timer(),
            runtime.executor());
    this.registry =
        asking
            .<Registry>map(
                ask ->
                    new AskedWorkspace(
                        there, workspace, ask, interval.multipliedBy(2), runtime.timer()))
            .orElse(there);
    this.strangers = new SearchForStranger(there, names);
    this.networkService = new LegacyNetworkService(here, runtime.closeTimeout(), names, dialled);
    this.monitor = new LegacyMonitor(new RemoteMonitor(here), dialled);
  }

  /**
   * Opens channels.
   *
   * @param discovery where endpoints are searched, {@code tcp://HOST:PORT}; empty: at the manager,
   *     which passes searches on
   * @param interval between two searches of a watch
   * @throws EndpointException INVALID if a URL is none that may be used
   */
  public static LegacyManager open(
      NsmRuntime runtime, Workspace workspace, Optional<String> discovery, Duration interval)
      throws EndpointException {
    return open(runtime, workspace, discovery, interval, Optional.empty());
  }

  /**
   * Asks a manager for a workspace, which it empties, and opens channels there. Blocks for the
   * runtime's request timeout at most. A workspace that the manager loses is asked for again.
   *
   * @param manager the manager's own socket, {@code unix:///PATH}
   * @param name which workspace; the same name gives the same directory
   * @throws EndpointException as {@link #open}, and as the call to the manager ends; INTERNAL if
   *     its answer names no files
   */
  public static LegacyManager ask(
      NsmRuntime runtime,
      String manager,
      String name,
      Optional<String> discovery,
      Duration interval)
      throws EndpointException {
    AskedWorkspace.Asking asking = () -> Workspaces.request(runtime, manager, name);
    return open(runtime, asking.ask(), discovery, interval, Optional.of(asking));
  }

  private static LegacyManager open(
      NsmRuntime runtime,
      Workspace workspace,
      Optional<String> discovery,
      Duration interval,
      Optional<AskedWorkspace.Asking> asking)
      throws EndpointException {
    ManagedChannel manager = runtime.dial(workspace.manager().toString());
    try {
      Optional<ManagedChannel> registry =
          discovery.isPresent() ? Optional.of(runtime.dial(discovery.get())) : Optional.empty();
      return new LegacyManager(runtime, workspace, manager, registry, interval, asking);
    } catch (EndpointException | RuntimeException failure) {
      manager.shutdownNow();
      throw failure;
    }
  }

  /** Our workspace there. */
  public Workspace workspace() {
    return workspace;
  }

  /** The registry. */
  public Registry registry() {
    return registry;
  }

  /** The end of a client's chain: the manager's network service. */
  public Endpoint networkService() {
    return networkService;
  }

  /** The connections that the manager shows us. */
  public ConnectionMonitor monitor() {
    return monitor;
  }

  /**
   * Prepares a server of a chain that runs elsewhere too, where the manager expects it.
   *
   * @param name the endpoint's name, unless the registry gives another
   */
  public NseServer.Builder server(String name, EndpointRunner runner) {
    return NseServer.builder(runtime, name, registry, workspace.listenOn(), runner)
        .dialect(dialect());
  }

  /** What our own path segments carry, which nobody sees there. */
  public TokenSource tokens(String name) {
    return new LocalTokens(name, runtime.timer(), TOKEN_LIFETIME);
  }

  /** Elements before a server chain. */
  public List<Endpoint> receiving() {
    return List.of(strangers, forgotten);
  }

  /** How the manager speaks to an endpoint. */
  public Dialect dialect() {
    return new LegacyDialect(names);
  }

  /** How many connections are remembered that we have asked for. */
  int dialled() {
    return dialled.size();
  }

  /** Ends the channels and every call on them; idempotent. */
  @Override
  public void close() {
    manager.shutdownNow();
    discovery.ifPresent(ManagedChannel::shutdownNow);
  }
}
