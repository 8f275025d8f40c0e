package io.vl3.nsm;

import io.grpc.BindableService;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.Dialect;
import io.vl3.grpc.internal.MonitorServer;
import io.vl3.nsm.internal.file.ReceiveFiles;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.transport.TransportUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * Runs a chain as a network service endpoint: serves it, and keeps it registered with a manager.
 * Thread-safe.
 */
public final class NseServer implements AutoCloseable {

  private final NsmRuntime runtime;
  private final EndpointRunner runner;
  private final boolean ownsRunner;
  private final StandingServer server;
  private final Registration registration;
  private final ServedHealth health = ServedHealth.notYet();

  private NseServer(Builder builder) throws EndpointException {
    runtime = builder.runtime;
    runner = builder.runner;
    ownsRunner = builder.ownsRunner;
    List<BindableService> services = new ArrayList<>();
    services.add(
        builder
            .dialect
            .map(dialect -> runtime.serving(runner, dialect))
            .orElseGet(() -> runtime.serving(runner)));
    builder.monitor.ifPresent(monitor -> services.add(monitorServer(monitor, builder.dialect)));
    services.add(health.service());
    server = StandingServer.start(runtime, services, builder.url);
    registration =
        new Registration(
            runtime,
            builder.registry,
            new EndpointRecord(
                builder.name,
                builder.services,
                server.url().toString(),
                Optional.empty(),
                Optional.empty(),
                List.of()),
            builder.records,
            builder.staying,
            builder.onRegistration);
    registration.start();
    var unused = registration.first().thenAccept(granted -> health.serves());
  }

  private MonitorServer monitorServer(ConnectionMonitor monitor, Optional<Dialect> dialect) {
    return dialect
        .map(words -> MonitorServer.ofOwned(monitor, runner, CallGuard.NONE, words))
        .orElseGet(() -> MonitorServer.ofOwned(monitor, runner, runtime.guard()));
  }

  /**
   * Prepares a server.
   *
   * @param name the endpoint's name in the registry, which may change it
   * @param registry the manager's
   * @param url where to listen
   * @param chain what answers
   */
  public static Builder builder(
      NsmRuntime runtime, String name, Registry registry, TransportUrl url, Endpoint chain) {
    EndpointRunner runner =
        runtime.runner(EndpointChain.of(name, new ReceiveFiles(runtime.files()), chain));
    return new Builder(runtime, name, registry, url, runner, true);
  }

  /**
   * Prepares a server of a chain that runs elsewhere too.
   *
   * @param name the endpoint's name in the registry, which may change it
   * @param registry the manager's
   * @param url where to listen
   * @param runner the head of the chain; its owner ends it, between {@link #unregister} and {@link
   *     #close}
   */
  public static Builder builder(
      NsmRuntime runtime, String name, Registry registry, TransportUrl url, EndpointRunner runner) {
    return new Builder(runtime, name, registry, url, runner, false);
  }

  /** Completes with the registration once the registry has granted it. */
  public CompletionStage<EndpointRecord> registered() {
    return registration.first();
  }

  /** The registration as last granted; before, as asked. */
  public EndpointRecord registration() {
    return registration.current();
  }

  /** Where it listens, with the port that was taken. */
  public TransportUrl url() {
    return server.url();
  }

  /** The head of the chain: to close or count connections. */
  public EndpointRunner runner() {
    return runner;
  }

  /** The established connections; a snapshot. */
  public List<Connection> connections() {
    return runner.connections();
  }

  /** Ends the registration, unless it is to stay; goes on to serve. Blocks; idempotent. */
  public void unregister() {
    health.ended();
    registration.close();
  }

  /**
   * Stops serving and leaves everything else as it is, for a successor of the same name: the
   * registration expires if none comes. Blocks for the transport's grace at most; idempotent.
   */
  public void leave() {
    registration.leave();
    if (ownsRunner) {
      runner.abandon("the endpoint starts anew");
    }
    server.close();
  }

  /**
   * Unregisters, closes every connection of a chain of its own, stops serving. Blocks, for the
   * request timeout and the transport's grace at most; idempotent.
   */
  @Override
  public void close() {
    unregister();
    if (ownsRunner) {
      Waiting.briefly(runner.end("the endpoint ends"), runtime.requestTimeout());
    }
    server.close();
  }

  /** Settings of a server. Not thread-safe. */
  public static final class Builder {

    private final NsmRuntime runtime;
    private final String name;
    private final Registry registry;
    private final TransportUrl url;
    private final EndpointRunner runner;
    private final boolean ownsRunner;
    private final Map<String, Map<String, String>> services = new TreeMap<>();
    private final List<NetworkServiceRecord> records = new ArrayList<>();
    private Optional<ConnectionMonitor> monitor = Optional.empty();
    private Optional<Dialect> dialect = Optional.empty();
    private boolean staying;
    private Runnable onRegistration = () -> {};

    private Builder(
        NsmRuntime runtime,
        String name,
        Registry registry,
        TransportUrl url,
        EndpointRunner runner,
        boolean ownsRunner) {
      this.runtime = runtime;
      this.name = name;
      this.registry = registry;
      this.url = url;
      this.runner = runner;
      this.ownsRunner = ownsRunner;
    }

    /** Offers a network service with labels; at least one is needed. */
    public Builder service(String service, Map<String, String> labels) {
      services.put(service, Map.copyOf(labels));
      return this;
    }

    /** Registers the service itself too, replacing what is registered under its name. */
    public Builder register(NetworkServiceRecord service) {
      records.add(service);
      return this;
    }

    /** Leaves the registration to expire at the end, for a successor under the same name. */
    public Builder stayRegistered(boolean value) {
      staying = value;
      return this;
    }

    /** What is run after each registration, which may be under another name; must not block. */
    public Builder onRegistration(Runnable task) {
      onRegistration = task;
      return this;
    }

    /** The monitor of the chain's connections; without one, clients cannot heal. */
    public Builder monitor(ConnectionMonitor value) {
      monitor = Optional.of(value);
      return this;
    }

    /**
     * What callers mean; unless set, they speak NSM v1. Whoever speaks otherwise has no tokens, so
     * that who may call is for the transport alone to say.
     */
    public Builder dialect(Dialect value) {
      dialect = Optional.of(value);
      return this;
    }

    /**
     * Starts to serve and, in the background, to register.
     *
     * @throws EndpointException if it cannot listen; nothing runs then
     */
    public NseServer start() throws EndpointException {
      if (services.isEmpty()) {
        throw new IllegalStateException("services: none (expected: at least one)");
      }
      return new NseServer(this);
    }
  }
}
