package io.vl3.nsm.manager;

import io.grpc.BindableService;
import io.vl3.connection.Connection;
import io.vl3.connection.TokenSource;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.dataplane.LinkProgram;
import io.vl3.dataplane.LinkWatch;
import io.vl3.dataplane.MeasuredDataPlane;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.MeasureRequests;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.MonitorServer;
import io.vl3.internal.journal.Journal;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.ServedHealth;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.nsm.internal.registry.RegistryServer;
import io.vl3.registry.Registry;
import io.vl3.status.ManagerStatus;
import io.vl3.time.Timer;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own network service manager: registry, manager and forwarder in one (NSM v1). It
 * serves on any number of unix sockets and TCP ports. Callers over TCP may look endpoints up and
 * ask for connections between nodes, but neither register nor name network namespaces.
 *
 * <p>When it ends, links stay as they are and nobody's connection is closed: whoever takes over
 * under the same name serves them on. Links that nobody has asked for again when a grace period
 * after the start is over are removed. Thread-safe.
 */
public final class EmbeddedManager implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedManager.class);

  private final String name;
  private final NsmRuntime runtime;
  private final DomainRegistries domains;
  private final InMemoryRegistry registry;
  private final ReceivedSockets sockets;
  private final EndpointMemory memory;
  private final ManagerChain parts;
  private final EndpointChain chain;
  private final EndpointRunner runner;
  private final LeftoverSweeper leftovers;
  private final LinkWatch watch;
  private final Timer.Cancellable forgetting;
  private final ServedHealth health = ServedHealth.serving();
  private final List<RunningServer> servers = new CopyOnWriteArrayList<>();

  private EmbeddedManager(Builder builder) {
    name = builder.name;
    runtime = builder.runtime;
    TokenSource tokens = runtime.tokens(name, builder.tokenLifetime);
    OwnDomain ownDomain = new OwnDomain(this::urls);
    domains = new DomainRegistries(runtime, tokens);
    registry =
        new InMemoryRegistry(
            runtime.timer(), runtime.executor(), builder.registrationLifetime, domains);
    sockets = new ReceivedSockets(registry, runtime.files());
    LinkProgram links =
        new LinkProgram(MeasuredDataPlane.ofManager(builder.dataPlane, runtime.reporter().meter()));
    memory = builder.journal.map(EndpointMemory::in).orElseGet(EndpointMemory::none);
    parts =
        ManagerChain.of(
            name,
            tokens,
            runtime,
            registry,
            links,
            builder.node,
            memory,
            ownDomain,
            builder.settling,
            builder.registrationLifetime,
            builder.abandonedGrace);
    chain = builder.elements.apply(parts.chain());
    runner = runtime.runner(chain);
    runner.onRefusal(MeasureRequests.refusalsOfManager(runtime.reporter().meter()));
    leftovers =
        new LeftoverSweeper(
            links,
            runtime.timer(),
            runtime.executor(),
            builder.leftoverGrace,
            false,
            runtime.requestTimeout());
    leftovers.look();
    watch =
        LinkWatch.start(
            links, builder.looks, runtime.requestTimeout(), runtime.timer(), runtime.executor());
    forgetting =
        runtime
            .timer()
            .after(
                builder.leftoverGrace, () -> runtime.executor().execute(this::forgetWhoStayedAway));
  }

  /**
   * Prepares a manager.
   *
   * @param dataPlane joins the two sides of connections; stays the caller's to close
   */
  public static Builder builder(NsmRuntime runtime, DataPlane dataPlane) {
    return new Builder(runtime, dataPlane);
  }

  /** Our name in connections' paths. */
  public String name() {
    return name;
  }

  /** Where it listens, with the ports that were taken. */
  public List<TransportUrl> urls() {
    return servers.stream().map(RunningServer::url).toList();
  }

  /** Whether others find all its sockets; not when one was deleted. */
  boolean isInPlace() {
    return servers.stream().allMatch(RunningServer::isInPlace);
  }

  /** The registry; to look at, and for endpoints in this process. */
  public InMemoryRegistry registry() {
    return registry;
  }

  /** The elements that a request passes. */
  public Description description() {
    return chain.description();
  }

  /** The established connections, as answered to their callers. */
  public List<Connection> connections() {
    return runner.connections();
  }

  /** How it is doing. */
  ManagerStatus status() {
    return new ManagerStatus(
        name, urls().stream().map(TransportUrl::toString).toList(), registry.size(), runner.size());
  }

  /** Whether nobody is registered and nobody is connected. */
  public boolean isIdle() {
    return registry.size() == 0 && runner.size() == 0;
  }

  /** The sizes of the stores, by name: all empty when nobody is connected any more. */
  public List<Gauge> gauges() {
    return List.of(
        new Gauge("connections", runner.size()),
        new Gauge("own ids", parts.path().size()),
        new Gauge("memory users", parts.bounds().users()),
        new Gauge("cared for", parts.abandoned().size()),
        new Gauge("posted", parts.board().size()),
        new Gauge("files", runtime.files().size()),
        new Gauge("channels", parts.lines().size()),
        new Gauge("remembered", memory.size()),
        new Gauge("tunnels", parts.vnis().size()),
        new Gauge("links", parts.links().size()));
  }

  /** Stops serving; links and connections stay as they are. Idempotent. */
  @Override
  public void close() {
    health.ended();
    leftovers.close();
    watch.close();
    forgetting.cancel();
    registry.close();
    servers.forEach(RunningServer::close);
    parts.lines().close();
    domains.close();
    sockets.close();
  }

  private void serve(List<TransportUrl> urls) throws EndpointException {
    List<BindableService> services = new ArrayList<>();
    services.add(runtime.serving(runner));
    services.add(health.service());
    services.add(MonitorServer.ofOwned(parts.board(), runner, runtime.guard()));
    Registry guarded = new GuardedRegistry(registry, sockets, runtime::ownId);
    services.addAll(new RegistryServer(guarded, registry::services, runtime.executor()).services());
    for (TransportUrl url : urls) {
      servers.add(GrpcServers.start(url, runtime.transport(), services));
      LOG.info("manager {}: serves on {}", name, url);
    }
  }

  /** Endpoints that have not come back by now will not. */
  private void forgetWhoStayedAway() {
    memory.retain(runner.connections().stream().map(Connection::requireId).toList());
  }

  /** Size of a store. */
  public record Gauge(String store, int size) {}

  /** Settings of a manager. Not thread-safe. */
  public static final class Builder {

    private final NsmRuntime runtime;
    private final DataPlane dataPlane;
    private final List<TransportUrl> urls = new ArrayList<>();
    private String name = "nsm";
    private NodeSettings node = NodeSettings.ALONE;
    private Duration tokenLifetime = Duration.ofMinutes(10);
    private Duration registrationLifetime = InMemoryRegistry.DEFAULT_LIFETIME;
    private Optional<Journal> journal = Optional.empty();
    private Duration settling = Duration.ofSeconds(10);
    private Duration looks = LinkWatch.USUAL;
    private Duration leftoverGrace = Duration.ofMinutes(1);
    private Duration abandonedGrace = Duration.ofSeconds(10);
    private UnaryOperator<EndpointChain> elements = chain -> chain;

    private Builder(NsmRuntime runtime, DataPlane dataPlane) {
      this.runtime = runtime;
      this.dataPlane = dataPlane;
    }

    /** Our name in paths: unlike any other node's, and the same for who takes over. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** How the node is joined to others. */
    public Builder node(NodeSettings value) {
      node = value;
      return this;
    }

    /** How long the manager's own tokens last: endpoints close what is not refreshed by then. */
    public Builder tokenLifetime(Duration value) {
      tokenLifetime = value;
      return this;
    }

    /**
     * How long a registration lasts without refresh, and so how long after the start an endpoint
     * that served before may be one that has not registered again.
     */
    public Builder registrationLifetime(Duration value) {
      registrationLifetime = value;
      return this;
    }

    /** Remembers there which endpoint serves a connection; stays the caller's to close. */
    public Builder journal(Journal value) {
      journal = Optional.of(value);
      return this;
    }

    /** How long after the start an unknown service may be one that is not registered again yet. */
    public Builder settling(Duration value) {
      settling = value;
      return this;
    }

    /** How often to look whether the links are as they shall be. */
    public Builder looks(Duration value) {
      looks = value;
      return this;
    }

    /** How long after the start links that nobody asks for stay. */
    public Builder leftoverGrace(Duration value) {
      leftoverGrace = value;
      return this;
    }

    /** How long a connection that its endpoint closed stays if nobody asks for it again. */
    public Builder abandonedGrace(Duration value) {
      abandonedGrace = value;
      return this;
    }

    /** Elements of one's own among those of the manager. */
    public Builder elements(UnaryOperator<EndpointChain> change) {
      elements = change;
      return this;
    }

    /** Serves there too. */
    public Builder listenOn(TransportUrl url) {
      urls.add(url);
      return this;
    }

    /**
     * Starts the manager.
     *
     * @throws EndpointException if it cannot listen; nothing runs then
     */
    public EmbeddedManager start() throws EndpointException {
      EmbeddedManager manager = new EmbeddedManager(this);
      try {
        manager.serve(urls);
        return manager;
      } catch (EndpointException failure) {
        manager.close();
        throw failure;
      }
    }
  }
}
