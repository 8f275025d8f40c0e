package io.vl3.transport;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.ClientSpans;
import io.vl3.transport.identity.SendSvidToken;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.internal.socket.TcpOptions;
import io.vl3.transport.internal.unix.CarryFiles;
import io.vl3.transport.internal.unix.UnixAddress;
import io.vl3.transport.internal.unix.UnixChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Opens gRPC channels. */
public final class GrpcChannels {

  private GrpcChannels() {}

  /**
   * A channel to a server; it connects when first used and again when the connection broke. The
   * caller shuts it down.
   *
   * @throws EndpointException INVALID for TCP without TLS unless {@code insecure} allows it
   */
  public static ManagedChannel open(TransportUrl url, TransportOptions options)
      throws EndpointException {
    NettyChannelBuilder builder =
        url instanceof TransportUrl.Unix unix
            ? unix(unix, options)
            : tcp((TransportUrl.Tcp) url, options);
    builder
        .eventLoopGroup(options.io().group())
        .executor(options.executor())
        .offloadExecutor(options.executor())
        .maxInboundMetadataSize(TransportOptions.METADATA_BYTES)
        .intercept(new ClientSpans(options.tracing()))
        .withOption(
            ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis());
    if (options.tls().isEmpty()) {
      return builder.build();
    }
    SendSvidToken sender = options.tls().get().tokenSender();
    ManagedChannel channel = builder.intercept(sender).build();
    sender.onOutdated(channel::enterIdle);
    return channel;
  }

  private static ChannelCredentials credentials(TransportOptions options) {
    return options.tls().map(Tls::channelCredentials).orElseGet(InsecureChannelCredentials::create);
  }

  /** Opens a channel to where a URL's text says; INVALID if it is none. */
  public static ManagedChannel open(String url, TransportOptions options) throws EndpointException {
    try {
      return open(TransportUrl.parse(url), options);
    } catch (IllegalArgumentException malformed) {
      throw new EndpointException(
          Reason.INVALID, String.valueOf(malformed.getMessage()), malformed);
    }
  }

  /**
   * A view of a channel that tries to connect anew with each call. For callers that pause between
   * attempts themselves: gRPC's own pauses grow to two minutes.
   */
  public static Channel wakeful(ManagedChannel channel) {
    return new WakefulChannel(channel);
  }

  /**
   * Has the next call try to connect anew, and wait for what comes of it, where the last attempt
   * failed: gRPC answers it with the last failure otherwise, even while it tries again.
   */
  public static void wake(ManagedChannel channel) {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.enterIdle();
    }
  }

  private static NettyChannelBuilder unix(TransportUrl.Unix url, TransportOptions options) {
    return NettyChannelBuilder.forAddress(UnixAddress.of(url.path()), credentials(options))
        .channelFactory(UnixChannel::new)
        .intercept(new CarryFiles())
        // The default authority is the path, which servers in Go refuse.
        .overrideAuthority("localhost");
  }

  private static NettyChannelBuilder tcp(TransportUrl.Tcp url, TransportOptions options)
      throws EndpointException {
    checkInsecure(url, options);
    if (url.port() == 0) {
      throw new EndpointException(
          Reason.INVALID, "url: %s (expected: a port 1..65535)".formatted(url));
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(url.host(), url.port(), credentials(options))
            .channelFactory(() -> socket(options.tcp()))
            .keepAliveTime(TransportOptions.CLIENT_PINGS.toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(options.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS);
    options.tcp().channelOptions().forEach(builder::withOption);
    return builder;
  }

  private static NioSocketChannel socket(TcpOptions options) {
    try {
      return new NioSocketChannel(options.limitUnanswered(SocketChannel.open()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static void checkInsecure(TransportUrl.Tcp url, TransportOptions options)
      throws EndpointException {
    if (options.tls().isEmpty() && !options.insecure()) {
      throw new EndpointException(
          Reason.INVALID, "url: %s (expected: insecure: true for TCP without TLS)".formatted(url));
    }
  }
}
