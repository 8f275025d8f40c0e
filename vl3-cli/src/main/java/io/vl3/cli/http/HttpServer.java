package io.vl3.cli.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.vl3.transport.IoThreads;
import io.vl3.transport.internal.socket.PausingAccept;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Serves a {@link Site} over HTTP to few clients at a time, each of which can keep only so much
 * memory: requests are small or refused, clients that say or read nothing are ended, and streams
 * skip what a client does not read. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {

  private static final int MOST_LINE = 4_096;
  private static final int MOST_HEADERS = 8_192;
  private static final int MOST_BODY = 1_024;
  private static final int SILENT_SECONDS = 15;

  /** How long an answer may lie unread. */
  private static final Duration UNREAD = Duration.ofSeconds(30);

  private static final int LOW_BYTES = 32 * 1_024;
  private static final int HIGH_BYTES = 64 * 1_024;

  private final Channel channel;
  private final Streams streams;

  private HttpServer(Channel channel, Streams streams) {
    this.channel = channel;
    this.streams = streams;
  }

  /**
   * Starts to serve.
   *
   * @param executor where the site is asked
   * @throws IOException if the address cannot be listened on, which it names
   */
  public static HttpServer start(
      InetSocketAddress address, Site site, IoThreads io, Executor executor, Streams streams)
      throws IOException {
    return start(address, io, new Pipeline(site, executor, streams, UNREAD));
  }

  static HttpServer start(InetSocketAddress address, IoThreads io, Pipeline pipeline)
      throws IOException {
    ServerBootstrap server =
        new ServerBootstrap()
            .group(io.group())
            .channelFactory(() -> PausingAccept.on(new NioServerSocketChannel()))
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_BYTES, HIGH_BYTES))
            .childHandler(pipeline);
    var bound = server.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "%s (expected: an address to listen on) [%s]"
              .formatted(address, bound.cause().getMessage()),
          bound.cause());
    }
    return new HttpServer(bound.channel(), pipeline.streams);
  }

  /** Where it listens, with the port that was taken. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    var unused = channel.close().awaitUninterruptibly();
    streams.close();
  }

  /** The handlers of each connection. */
  static final class Pipeline extends ChannelInitializer<SocketChannel> {

    private final Site site;
    private final Executor executor;
    private final Streams streams;
    private final Duration unread;

    Pipeline(Site site, Executor executor, Streams streams, Duration unread) {
      this.site = site;
      this.executor = executor;
      this.streams = streams;
      this.unread = unread;
    }

    @Override
    protected void initChannel(SocketChannel connection) {
      if (!streams.mayConnect(connection)) {
        var unused = connection.close();
        return;
      }
      ChannelPipeline pipeline = connection.pipeline();
      pipeline.addLast(new ReadTimeoutHandler(SILENT_SECONDS));
      pipeline.addLast(new HttpServerCodec(MOST_LINE, MOST_HEADERS, MOST_BODY));
      pipeline.addLast(new HttpObjectAggregator(MOST_BODY));
      pipeline.addLast(new WriteTimeoutHandler(unread.toMillis(), TimeUnit.MILLISECONDS));
      pipeline.addLast(new HttpHandler(site, executor, streams));
    }
  }
}
