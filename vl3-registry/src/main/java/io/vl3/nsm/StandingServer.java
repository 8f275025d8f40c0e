package io.vl3.nsm;

import io.grpc.BindableService;
import io.vl3.failure.EndpointException;
import io.vl3.health.HealthCode;
import io.vl3.internal.log.Outage;
import io.vl3.time.Timer;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that listens anew when the file of its unix socket was deleted. Connections that stand
 * are kept. Thread-safe.
 */
final class StandingServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StandingServer.class);

  /** How soon it is noticed; a look costs one call of the kernel. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final NsmRuntime runtime;
  private final List<BindableService> services;
  private final TransportUrl url;
  private final Outage outage;

  /** Serialises looks and close; held while a server starts or ends, which block. */
  private final Object turn = new Object();

  /** The newest first; those before it serve who was connected then. */
  private final Deque<RunningServer> servers = new ArrayDeque<>();

  private Timer.Cancellable next = () -> {};
  private boolean closed;

  private StandingServer(NsmRuntime runtime, List<BindableService> services, TransportUrl url)
      throws EndpointException {
    this.runtime = runtime;
    this.outage =
        new Outage(LOG, runtime.timer())
            .reportedTo(runtime.reporter(), HealthCode.NOT_LISTENING, url.toString());
    this.services = List.copyOf(services);
    RunningServer first = GrpcServers.start(url, runtime.transport(), services);
    this.url = first.url();
    servers.push(first);
  }

  /**
   * Starts to serve.
   *
   * @throws EndpointException as {@link GrpcServers#start}
   */
  static StandingServer start(NsmRuntime runtime, List<BindableService> services, TransportUrl url)
      throws EndpointException {
    StandingServer server = new StandingServer(runtime, services, url);
    if (url instanceof TransportUrl.Unix) {
      server.lookLater();
    }
    return server;
  }

  /** Where it listens, with the port that was taken. */
  TransportUrl url() {
    return url;
  }

  /** Ends it, as {@link RunningServer#close}. */
  @Override
  public void close() {
    synchronized (turn) {
      closed = true;
      next.cancel();
      servers.forEach(RunningServer::close);
    }
  }

  private void lookLater() {
    synchronized (turn) {
      if (!closed) {
        next = runtime.timer().after(LOOK, () -> runtime.executor().execute(this::look));
      }
    }
  }

  private void look() {
    synchronized (turn) {
      if (!closed && !servers.getFirst().isInPlace()) {
        listenAnew();
      }
    }
    lookLater();
  }

  private void listenAnew() {
    try {
      if (url instanceof TransportUrl.Unix unix) {
        Files.createDirectories(unix.path().getParent());
      }
      servers.push(GrpcServers.start(url, runtime.transport(), services));
      LOG.warn("{}: was deleted, and is made anew", url);
      outage.ended("%s: is there again".formatted(url));
    } catch (EndpointException | IOException | RuntimeException failure) {
      outage.failed("%s: was deleted, and cannot be made anew: %s".formatted(url, failure));
    }
  }
}
