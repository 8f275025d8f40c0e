package io.vl3.admin;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.Outage;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin service of this process, on a unix socket in the run directory: for this user and root.
 * A socket that somebody deletes is made anew; calls that are open then go on. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  /** How soon it is noticed that the socket was deleted. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final NsmRuntime runtime;
  private final Path runDirectory;
  private final Observed observed;
  private final Outage outage;

  /** Serialises looks and close; held while a server starts or ends, which block. */
  private final Object turn = new Object();

  /** Guarded by the turn, like all below; those before serve who was connected then. */
  private final Deque<RunningServer> servers = new ArrayDeque<>();

  private AdminSockets.Place place;
  private Timer.Cancellable next = () -> {};
  private boolean closed;

  private AdminServer(NsmRuntime runtime, Path runDirectory, Observed observed)
      throws EndpointException {
    this.runtime = runtime;
    this.runDirectory = runDirectory;
    this.observed = observed;
    this.outage = new Outage(LOG, runtime.timer());
    this.place = take();
    listen();
  }

  /**
   * Starts to serve; sockets that dead processes left there are removed.
   *
   * @param runDirectory where the machine's processes meet; made if it is not there
   * @throws EndpointException UNAVAILABLE if it cannot listen there
   */
  public static AdminServer start(NsmRuntime runtime, Path runDirectory, Observed observed)
      throws EndpointException {
    AdminServer started = new AdminServer(runtime, runDirectory, observed);
    started.lookLater();
    return started;
  }

  private AdminSockets.Place take() throws EndpointException {
    try {
      String name = observed.command() + "-" + ProcessHandle.current().pid();
      return AdminSockets.take(runDirectory, name);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "admin service: %s (expected: a directory to write in) [%s]"
              .formatted(runDirectory, failure),
          failure);
    }
  }

  private void listen() throws EndpointException {
    try {
      servers.push(
          GrpcServers.start(
              TransportUrl.Unix.in(runDirectory, place.socket()),
              runtime.transport().withoutTls().withTracing(Tracing.OFF),
              List.of(new AdminService(observed, runtime.executor()))));
    } catch (EndpointException | RuntimeException failure) {
      place.leave(runDirectory);
      throw failure;
    }
  }

  /** Where it listens. */
  public Path socket() {
    synchronized (turn) {
      return runDirectory.resolve(place.socket());
    }
  }

  private void lookLater() {
    synchronized (turn) {
      if (!closed) {
        next = runtime.timer().after(LOOK, () -> runtime.executor().execute(this::look));
      }
    }
  }

  /** Without its lock a socket is taken for that of a dead process. */
  private void look() {
    synchronized (turn) {
      if (!closed && !(servers.getFirst().isInPlace() && place.isLockThere(runDirectory))) {
        listenAnew();
      }
    }
    lookLater();
  }

  private void listenAnew() {
    Path socket = socket();
    try {
      place.leave(runDirectory);
      Files.deleteIfExists(socket);
      place = take();
      listen();
      LOG.warn("{}: was deleted, and is made anew", socket);
      outage.ended("%s: is there again".formatted(socket));
    } catch (EndpointException | IOException | RuntimeException failure) {
      outage.failed("%s: was deleted, and cannot be made anew: %s".formatted(socket, failure));
    }
  }

  /** Ends it, and every open call. Blocks for the transport's grace at most; idempotent. */
  @Override
  public void close() {
    synchronized (turn) {
      closed = true;
      next.cancel();
      servers.forEach(RunningServer::close);
      place.leave(runDirectory);
    }
  }
}
