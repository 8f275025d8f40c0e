package io.vl3.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A Netty channel over the JDK's unix {@link SocketChannel}: no native library. An accepted one
 * knows its peer as its remote address.
 */
final class UnixChannel extends AbstractNioByteChannel {

  private static final int GATHERED_BUFFERS = 1024;
  private static final int GATHERED_BYTES = 256 * 1024;

  private final SocketChannel socket;
  private final @Nullable UnixPeer peer;
  private final ChannelConfig config = new UnixChannelConfig(this);

  /** A channel that will connect. */
  UnixChannel() {
    this(open());
  }

  private UnixChannel(SocketChannel socket) {
    super(null, socket);
    this.socket = socket;
    this.peer = null;
  }

  /** An accepted channel. */
  UnixChannel(Channel server, SocketChannel accepted, UnixPeer peer) {
    super(server, accepted);
    this.socket = accepted;
    this.peer = peer;
  }

  private static SocketChannel open() {
    try {
      return SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isActive() {
    return socket.isOpen() && socket.isConnected();
  }

  @Override
  protected SocketChannel javaChannel() {
    return socket;
  }

  @Override
  protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local)
      throws Exception {
    boolean connected = false;
    try {
      connected = socket.connect(remote);
      if (!connected) {
        addAndSubmit(NioIoOps.CONNECT);
      }
      return connected;
    } catch (IOException | RuntimeException failure) {
      doClose();
      throw failure;
    }
  }

  @Override
  protected void doFinishConnect() throws Exception {
    if (!socket.finishConnect()) {
      throw new IllegalStateException("connect: not finished (expected: told when it is)");
    }
  }

  @Override
  protected int doReadBytes(ByteBuf buffer) throws Exception {
    var handle = unsafe().recvBufAllocHandle();
    handle.attemptedBytesRead(buffer.writableBytes());
    return buffer.writeBytes(socket, handle.attemptedBytesRead());
  }

  @Override
  protected int doWriteBytes(ByteBuf buffer) throws Exception {
    return buffer.readBytes(socket, buffer.readableBytes());
  }

  /** Gathers: gRPC flushes many small buffers at once. */
  @Override
  protected void doWrite(ChannelOutboundBuffer out) throws Exception {
    for (int spins = config.getWriteSpinCount(); spins > 0; spins--) {
      if (out.isEmpty()) {
        clearOpWrite();
        return;
      }
      ByteBuffer[] buffers = out.nioBuffers(GATHERED_BUFFERS, GATHERED_BYTES);
      long written = socket.write(buffers, 0, out.nioBufferCount());
      if (written <= 0 && out.nioBufferSize() > 0) {
        incompleteWrite(true);
        return;
      }
      out.removeBytes(written);
    }
    incompleteWrite(false);
  }

  @Override
  protected long doWriteFileRegion(FileRegion region) {
    throw new UnsupportedOperationException("file region (expected: bytes, as gRPC writes)");
  }

  @Override
  protected ChannelFuture shutdownInput() {
    return close();
  }

  @Override
  protected void doBind(SocketAddress local) {
    throw new UnsupportedOperationException("bind (expected: connect only)");
  }

  @Override
  protected void doDisconnect() throws Exception {
    doClose();
  }

  @Override
  protected void doClose() throws Exception {
    super.doClose();
    socket.close();
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return addressOf(true);
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return peer != null ? peer : addressOf(false);
  }

  private @Nullable SocketAddress addressOf(boolean local) {
    try {
      return local ? socket.getLocalAddress() : socket.getRemoteAddress();
    } catch (IOException closed) {
      return null;
    }
  }
}
