package io.vl3.transport.internal.unix;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoOps;
import io.vl3.transport.internal.socket.SocketNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel over the JDK's unix {@link SocketChannel}. Its remote address is its {@link
 * UnixPeer}, by which files are passed: each travels beside exactly the next byte that is written,
 * below TLS, as NSM's components in Go do it. Where the JVM does not tell the socket's descriptor,
 * bytes pass and files do not.
 */
public final class UnixChannel extends AbstractNioByteChannel {

  private static final int GATHERED_BUFFERS = 1024;
  private static final int GATHERED_BYTES = 256 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(UnixChannel.class);

  private final SocketChannel socket;
  private final UnixPeer peer;
  private final @Nullable SocketMessages messages;
  private final ChannelConfig config = new UnixChannelConfig(this, this::clearReadPending);

  /** Whether the last message had a descriptor; touched by the event loop only. */
  private boolean filesCame;

  /** A channel that will connect. */
  public UnixChannel() {
    this(open());
  }

  private UnixChannel(SocketChannel socket) {
    super(null, socket);
    this.socket = socket;
    this.peer = UnixPeer.server();
    this.messages = messages(socket);
  }

  /** An accepted channel. */
  UnixChannel(Channel server, SocketChannel accepted, UnixPeer peer) {
    super(server, accepted);
    this.socket = accepted;
    this.peer = peer;
    this.messages = messages(accepted);
  }

  private static @Nullable SocketMessages messages(SocketChannel socket) {
    OptionalInt number = SocketNumber.of(socket);
    return number.isPresent() ? new SocketMessages(number.getAsInt()) : null;
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
      connected = socket.connect(UnixAddress.plain(remote));
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
    return messages != null && buffer.hasMemoryAddress()
        ? receive(messages, buffer)
        : buffer.writeBytes(socket, handle.attemptedBytesRead());
  }

  /** A message ends behind a descriptor; what follows is read at once while there is room. */
  private int receive(SocketMessages from, ByteBuf buffer) throws IOException {
    int total = 0;
    while (buffer.isWritable()) {
      filesCame = false;
      int count =
          from.receive(
              buffer.memoryAddress() + buffer.writerIndex(), buffer.writableBytes(), this::arrive);
      if (count <= 0) {
        return total > 0 ? total : count;
      }
      buffer.writerIndex(buffer.writerIndex() + count);
      total += count;
      if (!filesCame) {
        return total;
      }
    }
    return total;
  }

  private void arrive(int descriptor) {
    filesCame = true;
    try {
      peer.files().arrive(PassedFile.ofDescriptor(descriptor));
    } catch (IOException unknown) {
      LOG.warn("{}: a descriptor of no known file was closed", peer, unknown);
    }
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
      if (messages != null && !sendFiles(messages, out)) {
        incompleteWrite(true);
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

  /** Sends each waiting file with one byte; false if the socket takes no more now. */
  private boolean sendFiles(SocketMessages to, ChannelOutboundBuffer out) throws IOException {
    Optional<PassedFile> file = peer.files().nextLeaving();
    while (file.isPresent()) {
      Optional<ByteBuffer> bytes = firstBytes(out);
      if (bytes.isEmpty()) {
        return true;
      }
      ByteBuffer first = bytes.get();
      try {
        if (!to.send(first.get(first.position()), file.get().descriptor())) {
          return false;
        }
        // Netty keeps these buffers and trusts that what is removed was read from them.
        first.position(first.position() + 1);
        out.removeBytes(1);
      } catch (SocketMessages.TooManyInFlight refused) {
        LOG.warn("{}: {} not sent: {}", peer, file.get(), refused.getMessage());
      }
      peer.files().sent();
      file = peer.files().nextLeaving();
    }
    return true;
  }

  private static Optional<ByteBuffer> firstBytes(ChannelOutboundBuffer out) {
    ByteBuffer[] buffers = out.nioBuffers(GATHERED_BUFFERS, GATHERED_BYTES);
    for (int i = 0; i < out.nioBufferCount(); i++) {
      if (buffers[i].hasRemaining()) {
        return Optional.of(buffers[i]);
      }
    }
    return Optional.empty();
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
    peer.files().close();
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return ownAddress();
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return peer;
  }

  private @Nullable SocketAddress ownAddress() {
    try {
      return socket.getLocalAddress();
    } catch (IOException closed) {
      return null;
    }
  }
}
