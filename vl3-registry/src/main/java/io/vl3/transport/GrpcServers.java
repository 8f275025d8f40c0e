package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.ServerSpans;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.internal.socket.PausingAccept;
import io.vl3.transport.internal.socket.TcpOptions;
import io.vl3.transport.internal.unix.SocketFile;
import io.vl3.transport.internal.unix.UnixServerChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts gRPC servers. */
public final class GrpcServers {

  private GrpcServers() {}

  /**
   * Starts a server of the services. On a unix socket the file has mode 0600, the file of a dead
   * server is replaced, and only this user and root are let in. The {@link
   * io.vl3.grpc.internal.CallerKey caller} of a call is the SPIFFE ID where there is TLS, else
   * {@code uid:N} on a unix socket.
   *
   * @param services run on threads that may block
   * @throws EndpointException CONFLICT if something listens there already, INVALID for TCP without
   *     TLS unless {@code insecure} allows it, UNAVAILABLE if the address cannot be listened on
   */
  public static RunningServer start(
      TransportUrl url, TransportOptions options, List<? extends BindableService> services)
      throws EndpointException {
    EndableStreams streams = new EndableStreams();
    CallThreads threads = new CallThreads(options.executor());
    NettyServerBuilder builder =
        builder(url, options)
            .bossEventLoopGroup(options.io().group())
            .workerEventLoopGroup(options.io().group())
            .directExecutor() // until the threads for a call are known
            .callExecutor(threads)
            .addTransportFilter(new CallerFilter())
            .addStreamTracerFactory(options.memory().tracers())
            .intercept(streams)
            .intercept(new ServerSpans(options.tracing()))
            .intercept(options.memory().guard()) // the last one added is the first one asked
            .maxInboundMetadataSize(TransportOptions.METADATA_BYTES)
            .permitKeepAliveWithoutCalls(true)
            .permitKeepAliveTime(5, TimeUnit.SECONDS);
    services.forEach(
        service -> builder.addService(MalformedMessages.refused(threads.bind(service))));
    Server server = started(builder.build(), url);
    return new RunningServer(server, url, file(url), options.closeGrace(), streams);
  }

  private static Server started(Server server, TransportUrl url) throws EndpointException {
    try {
      return server.start();
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "listen: %s [%s]".formatted(url, rootOf(failure)), failure);
    }
  }

  /** Empty for TCP, and for a file that was deleted in the moment since it was made. */
  private static Optional<SocketFile> file(TransportUrl url) {
    try {
      return url instanceof TransportUrl.Unix unix
          ? Optional.of(SocketFile.of(unix.path()))
          : Optional.empty();
    } catch (IOException deleted) {
      return Optional.empty();
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }

  private static ServerCredentials credentials(TransportOptions options) {
    return options.tls().map(Tls::serverCredentials).orElseGet(InsecureServerCredentials::create);
  }

  private static NettyServerBuilder builder(TransportUrl url, TransportOptions options)
      throws EndpointException {
    if (url instanceof TransportUrl.Unix unix) {
      SocketFile.clear(unix.path());
      return NettyServerBuilder.forAddress(
              UnixDomainSocketAddress.of(unix.path()), credentials(options))
          .channelFactory(() -> PausingAccept.on(new UnixServerChannel()));
    }
    TransportUrl.Tcp tcp = (TransportUrl.Tcp) url;
    GrpcChannels.checkInsecure(tcp, options);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(tcp.host(), tcp.port()), credentials(options))
            .channelFactory(() -> PausingAccept.on(socket(options.tcp())))
            .keepAliveTime(options.keepAlive().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(options.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS);
    options.tcp().channelOptions().forEach(builder::withChildOption);
    return builder;
  }

  private static NioServerSocketChannel socket(TcpOptions options) {
    try {
      return new NioServerSocketChannel(options.limitUnanswered(ServerSocketChannel.open()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
