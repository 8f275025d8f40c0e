package io.vl3.cli.names;

import io.vl3.cli.assembly.ServiceProcess;
import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import io.vl3.workloads.WorkloadRegistry;
import java.io.Closeable;
import java.time.Duration;
import java.util.Optional;

/** A workload registry that is served, over mutual TLS where there is an identity. */
public final class NamesServer implements Closeable {

  private final ServiceProcess process;
  private final WorkloadRegistry registry;
  private final RunningServer server;

  private NamesServer(ServiceProcess process, WorkloadRegistry registry, RunningServer server) {
    this.process = process;
    this.registry = registry;
    this.server = server;
  }

  /**
   * How it is served.
   *
   * @param listenOn HOST:PORT
   * @param tls whence our identity comes; none: without TLS
   * @param lifetime of a registration whose caller says nothing; empty: until it is removed
   * @param mostBytes how much memory registrations may take
   */
  public record Settings(
      String listenOn, TlsConfig tls, Optional<Duration> lifetime, long mostBytes) {}

  /**
   * Starts to serve.
   *
   * @throws EndpointException UNAVAILABLE if the port cannot be listened on
   */
  public static NamesServer start(Settings settings) throws EndpointException {
    ServiceProcess process = ServiceProcess.open(settings.tls());
    try {
      WorkloadRegistry registry =
          new WorkloadRegistry(
              process.threads().timer(),
              process.threads().blocking(),
              settings.mostBytes(),
              settings.lifetime());
      RunningServer server =
          GrpcServers.start(
              ServiceProcess.url(settings.listenOn()), process.transport(), registry.services());
      return new NamesServer(process, registry, server);
    } catch (EndpointException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  /** Where it listens, with the port that was taken. */
  public TransportUrl url() {
    return server.url();
  }

  /** How many workloads are registered. */
  public int size() {
    return registry.size();
  }

  @Override
  public void close() {
    server.close();
    process.close();
  }
}
