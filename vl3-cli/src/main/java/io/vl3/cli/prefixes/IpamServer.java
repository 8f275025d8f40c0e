package io.vl3.cli.prefixes;

import io.vl3.cli.assembly.ServiceProcess;
import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.prefixes.CentralPrefixes;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A central IPAM that is served, over mutual TLS where there is an identity. */
public final class IpamServer implements Closeable {

  private final ServiceProcess process;
  private final CentralPrefixes prefixes;
  private final RunningServer server;

  private IpamServer(ServiceProcess process, CentralPrefixes prefixes, RunningServer server) {
    this.process = process;
    this.prefixes = prefixes;
    this.server = server;
  }

  /**
   * How it is served.
   *
   * @param listenOn HOST:PORT
   * @param tls whence our identity comes; none: without TLS
   * @param journal the file in which it remembers; empty: it forgets with the process
   * @param prefixes what is given
   */
  public record Settings(
      String listenOn, TlsConfig tls, Optional<Path> journal, CentralPrefixes.Settings prefixes) {}

  /**
   * Starts to serve.
   *
   * @throws EndpointException UNAVAILABLE if the port cannot be listened on, or the journal cannot
   *     be read or written
   */
  public static IpamServer start(Settings settings) throws EndpointException {
    ServiceProcess process = ServiceProcess.open(settings.tls());
    try {
      return start(settings, process, prefixes(settings, process));
    } catch (EndpointException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  private static IpamServer start(
      Settings settings, ServiceProcess process, CentralPrefixes prefixes)
      throws EndpointException {
    try {
      RunningServer server =
          GrpcServers.start(
              ServiceProcess.url(settings.listenOn()), process.transport(), prefixes.services());
      return new IpamServer(process, prefixes, server);
    } catch (EndpointException | RuntimeException failure) {
      prefixes.close();
      throw failure;
    }
  }

  private static CentralPrefixes prefixes(Settings settings, ServiceProcess process)
      throws EndpointException {
    if (settings.journal().isEmpty()) {
      return CentralPrefixes.inMemory(settings.prefixes(), process.threads().timer());
    }
    try {
      return CentralPrefixes.open(
          settings.prefixes(),
          settings.journal().get(),
          process.threads().blocking(),
          process.threads().timer());
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "--journal: %s: not usable [%s]".formatted(settings.journal().get(), failure),
          failure);
    }
  }

  /** Where it listens, with the port that was taken. */
  public TransportUrl url() {
    return server.url();
  }

  /** How many prefixes are given, those included whose NSE is away. */
  public int size() {
    return prefixes.size();
  }

  @Override
  public void close() {
    server.close();
    prefixes.close();
    process.close();
  }
}
