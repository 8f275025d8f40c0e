package io.vl3.cli.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection: each by a whole answer, after which it ends, or a stream.
 */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

  private final Site site;
  private final Executor executor;
  private final Streams streams;

  /** Touched by the event loop only. */
  private boolean asked;

  HttpHandler(Site site, Executor executor, Streams streams) {
    this.site = site;
    this.executor = executor;
    this.streams = streams;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (asked) {
      end(context);
      return;
    }
    asked = true;
    // It has said all that it has to say: from now on it waits for us.
    context.pipeline().remove(ReadTimeoutHandler.class);
    if (!request.decoderResult().isSuccess()) {
      answer(context, Reply.text(400, "not understood"));
    } else if (!request.method().equals(HttpMethod.GET)) {
      answer(context, Reply.text(405, "GET only"));
    } else if (!site.isHost(request.headers().get(HttpHeaderNames.HOST, ""))) {
      answer(context, Reply.text(421, "host: ask by address, or as localhost"));
    } else {
      QueryStringDecoder uri = new QueryStringDecoder(request.uri());
      String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
      executor.execute(() -> serve(context, new Request(uri.path(), uri.parameters(), accept)));
    }
  }

  private void serve(ChannelHandlerContext context, Request request) {
    try {
      if (site.isStream(request.path())) {
        site.join(beginning -> stream(context, beginning));
      } else {
        answer(context, site.get(request));
      }
    } catch (RuntimeException bug) {
      LOG.warn("http: {}", request.path(), bug);
      answer(context, Reply.text(500, "a fault of vl3's: its log says more"));
    }
  }

  private void stream(ChannelHandlerContext context, List<String> beginning) {
    HttpResponse begun = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    common(begun.headers(), "text/event-stream");
    var unused = context.writeAndFlush(begun);
    streams.add(context.channel(), beginning);
  }

  private static void answer(ChannelHandlerContext context, Reply reply) {
    ByteBuf body = Unpooled.wrappedBuffer(reply.body());
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
    common(response.headers(), reply.type());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CONNECTION, "close");
    var unused = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static void common(HttpHeaders headers, String type) {
    headers.set(HttpHeaderNames.CONTENT_TYPE, type);
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set("x-content-type-options", "nosniff");
    headers.set(
        HttpHeaderNames.CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("http: {} ended: {}", context.channel().remoteAddress(), cause.toString());
    end(context);
  }

  private static void end(ChannelHandlerContext context) {
    var unused = context.close();
  }
}
