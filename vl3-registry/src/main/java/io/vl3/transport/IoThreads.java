package io.vl3.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads that read and write sockets, shared by channels and servers; nothing blocks them. */
public final class IoThreads implements AutoCloseable {

  private final EventLoopGroup group;

  /**
   * Threads of the given factory, started when first used.
   *
   * @param count how many; two serve thousands of connections
   * @param factory makes them; daemon threads let the JVM end without {@link #close}
   */
  public IoThreads(int count, ThreadFactory factory) {
    group = new MultiThreadIoEventLoopGroup(count, factory, NioIoHandler.newFactory());
  }

  public EventLoopGroup group() {
    return group;
  }

  /** Their time; only what lies between two instants means something. */
  InstantSource clock() {
    Ticker ticker = group.next().ticker();
    return () -> Instant.EPOCH.plusNanos(ticker.nanoTime());
  }

  /** Ends the threads, after channels and servers; waits up to 2 s; idempotent. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
