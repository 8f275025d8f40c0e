package io.vl3.admin;

import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.util.List;
import java.util.Optional;

/**
 * The admin service of this process on a TCP port: over mutual TLS for those who are allowed, or
 * without TLS on the loopback for everybody on this machine. It shows and changes nothing: what
 * changes the process is asked on its unix socket. Thread-safe.
 */
public final class AdminPort implements AutoCloseable {

  private static final List<IpPrefix> LOOPBACKS =
      List.of(IpPrefix.parse("127.0.0.0/8"), IpPrefix.parse("::1/128"));

  private final RunningServer server;

  private AdminPort(RunningServer server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param runtime whose identity is shown, where it has one
   * @param access who may ask; empty: everybody, which takes the loopback
   * @throws EndpointException INVALID if others than this machine's could ask without being known,
   *     UNAVAILABLE if the port cannot be listened on
   */
  public static AdminPort start(
      NsmRuntime runtime, TransportUrl.Tcp url, Optional<AdminAccess> access, Observed observed)
      throws EndpointException {
    AdminService whole = new AdminService(observed, runtime.executor());
    BindableService service = () -> ServerInterceptors.intercept(whole, new OnlyReading());
    TransportOptions options = runtime.transport();
    if (access.isEmpty()) {
      requireLoopback(url);
      return new AdminPort(
          GrpcServers.start(url, options.withoutTls().withInsecure(true), List.of(service)));
    }
    if (options.tls().isEmpty()) {
      throw new EndpointException(
          Reason.INVALID,
          "admin service: %s without TLS (expected: an identity, as callers are to show theirs)"
              .formatted(url));
    }
    AllowCallers guard = new AllowCallers(access.get());
    BindableService guarded = () -> ServerInterceptors.intercept(service.bindService(), guard);
    return new AdminPort(GrpcServers.start(url, options, List.of(guarded)));
  }

  /** Whether only this machine reaches a host of that name. */
  public static boolean isLoopback(String host) {
    Optional<IpAddress> address = IpAddress.tryParse(host);
    return address.isPresent()
        ? LOOPBACKS.stream().anyMatch(prefix -> prefix.contains(address.get()))
        : host.equals("localhost");
  }

  private static void requireLoopback(TransportUrl.Tcp url) throws EndpointException {
    if (!isLoopback(url.host())) {
      throw new EndpointException(
          Reason.INVALID,
          "admin service: %s (expected: the loopback, or who may ask)".formatted(url));
    }
  }

  /** Where it listens, with the port that was taken. */
  public TransportUrl url() {
    return server.url();
  }

  /** Ends it, and every open call. Idempotent. */
  @Override
  public void close() {
    server.close();
  }
}
