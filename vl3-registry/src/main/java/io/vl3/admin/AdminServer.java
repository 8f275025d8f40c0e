package io.vl3.admin;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.NsmRuntime;
import io.vl3.tracing.Tracing;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The admin service of this process, on a unix socket in the run directory: for this user and root.
 * Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

  private final AdminSockets.Place place;
  private final Path runDirectory;
  private final RunningServer server;
  private final Path socket;

  private AdminServer(
      AdminSockets.Place place, Path runDirectory, RunningServer server, Path socket) {
    this.place = place;
    this.runDirectory = runDirectory;
    this.server = server;
    this.socket = socket;
  }

  /**
   * Starts to serve; sockets that dead processes left there are removed.
   *
   * @param runDirectory where the machine's processes meet; made if it is not there
   * @throws EndpointException UNAVAILABLE if it cannot listen there
   */
  public static AdminServer start(NsmRuntime runtime, Path runDirectory, Observed observed)
      throws EndpointException {
    AdminSockets.Place place;
    try {
      String name = observed.command() + "-" + ProcessHandle.current().pid();
      place = AdminSockets.take(runDirectory, name);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "admin service: %s (expected: a directory to write in) [%s]"
              .formatted(runDirectory, failure),
          failure);
    }
    try {
      TransportUrl.Unix url = TransportUrl.Unix.in(runDirectory, place.socket());
      RunningServer server =
          GrpcServers.start(
              url,
              runtime.transport().withoutTls().withTracing(Tracing.OFF),
              List.of(new AdminService(observed, runtime.executor())));
      return new AdminServer(place, runDirectory, server, url.path());
    } catch (EndpointException | RuntimeException failure) {
      place.leave(runDirectory);
      throw failure;
    }
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /** Ends it, and every open call. Blocks for the transport's grace at most; idempotent. */
  @Override
  public void close() {
    server.close();
    place.leave(runDirectory);
  }
}
