package io.vl3.transport.internal.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vl3.internal.log.AcceptTrouble;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server's channel accept on after a pause when accepting has failed, as it does while the
 * process has no descriptor left. Netty alone logs every failure.
 */
public final class PausingAccept extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(PausingAccept.class);

  /** Touched by the event loop only. */
  private Optional<AcceptTrouble> trouble = Optional.empty();

  private PausingAccept() {}

  /** The server's channel, which is not bound yet, with such a handler before all others. */
  public static <C extends Channel> C on(C server) {
    server.pipeline().addFirst(new PausingAccept());
    return server;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    trouble =
        Optional.of(
            new AcceptTrouble(
                "server %s: connections".formatted(context.channel().localAddress()),
                LOG,
                new LoopTimer(context.channel().eventLoop())));
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    trouble.ifPresent(AcceptTrouble::worked);
    context.fireChannelRead(accepted);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (trouble.isEmpty() || !(cause instanceof Exception failure)) {
      context.fireExceptionCaught(cause);
      return;
    }
    Duration pause = trouble.get().failed(failure);
    Channel server = context.channel();
    server.config().setAutoRead(false);
    var unused =
        server.eventLoop().schedule(() -> resume(server), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    trouble.ifPresent(AcceptTrouble::close);
    context.fireChannelInactive();
  }

  private static void resume(Channel server) {
    if (server.isActive()) {
      server.config().setAutoRead(true);
    }
  }
}
