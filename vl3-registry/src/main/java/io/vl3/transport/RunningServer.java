package io.vl3.transport;

import io.grpc.Server;
import io.grpc.Status;
import io.vl3.transport.internal.unix.SocketFile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gRPC server that listens. Thread-safe. */
public final class RunningServer implements AutoCloseable {

  private final Server server;
  private final TransportUrl url;
  private final Optional<SocketFile> file;
  private final Duration grace;
  private final EndableStreams streams;

  RunningServer(
      Server server,
      TransportUrl url,
      Optional<SocketFile> file,
      Duration grace,
      EndableStreams streams) {
    this.server = server;
    this.url = url;
    this.file = file;
    this.grace = grace;
    this.streams = streams;
  }

  /** Where it listens, with the port that it has taken. */
  public TransportUrl url() {
    return url instanceof TransportUrl.Tcp tcp
        ? new TransportUrl.Tcp(tcp.host(), server.getPort())
        : url;
  }

  /**
   * Whether new clients find it: on a unix socket not when its file was deleted or replaced. Those
   * that are connected stay so.
   */
  public boolean isInPlace() {
    return url instanceof TransportUrl.Tcp || file.filter(SocketFile::isInPlace).isPresent();
  }

  /**
   * Takes no more connections, ends open streams with UNAVAILABLE, gives running calls the grace
   * time, and removes the socket file. Blocks for the grace time at most; idempotent.
   */
  @Override
  public void close() {
    server.shutdown();
    streams.end(Status.UNAVAILABLE.withDescription("server: " + url + " is closing"));
    try {
      if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        var unused = server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
