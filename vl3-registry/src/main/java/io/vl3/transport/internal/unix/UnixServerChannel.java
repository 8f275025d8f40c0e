package io.vl3.transport.internal.unix;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioMessageChannel;
import io.vl3.transport.internal.socket.LoopTimer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Netty server channel over the JDK's unix {@link ServerSocketChannel}. Its file has mode 0600;
 * who connects is asked of the kernel, and everybody but this user and root is turned away, so that
 * the moment between making the file and setting its mode opens nothing.
 */
public final class UnixServerChannel extends AbstractNioMessageChannel implements ServerChannel {

  private static final int BACKLOG = 1024;

  /** No disconnect; sixteen accepts for one wake-up. */
  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

  private final ServerSocketChannel socket;
  private final ChannelConfig config = new UnixChannelConfig(this, this::clearReadPending);
  private volatile @Nullable SocketFile file;

  /** Touched by the event loop only. */
  private @Nullable Strangers strangers;

  public UnixServerChannel() {
    this(open());
  }

  private UnixServerChannel(ServerSocketChannel socket) {
    super(null, socket, SelectionKey.OP_ACCEPT);
    this.socket = socket;
  }

  private static ServerSocketChannel open() {
    try {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isActive() {
    return socket.isOpen() && file != null;
  }

  @Override
  protected ServerSocketChannel javaChannel() {
    return socket;
  }

  @Override
  protected void doBind(SocketAddress local) throws Exception {
    socket.bind(local, BACKLOG);
    file = SocketFile.made(((UnixDomainSocketAddress) local).getPath());
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    SocketChannel peerSocket = socket.accept();
    SocketFile bound = file;
    if (peerSocket == null || bound == null) {
      return 0;
    }
    try {
      return admit(bound, peerSocket, accepted);
    } catch (IOException | RuntimeException failure) {
      peerSocket.close();
      throw failure;
    }
  }

  private int admit(SocketFile bound, SocketChannel peerSocket, List<Object> accepted)
      throws IOException {
    Optional<UnixPeer> peer = bound.allowed().peer(peerSocket);
    if (peer.isEmpty()) {
      strangers(bound).turnedAway();
      peerSocket.close();
      return 0;
    }
    accepted.add(new UnixChannel(this, peerSocket, peer.get()));
    return 1;
  }

  private Strangers strangers(SocketFile bound) {
    Strangers known = strangers;
    if (known == null) {
      known = new Strangers(bound.path(), new LoopTimer(eventLoop()));
      strangers = known;
    }
    return known;
  }

  @Override
  protected void doClose() throws Exception {
    Strangers known = strangers;
    if (known != null) {
      known.close();
    }
    SocketFile bound = file;
    if (bound != null) {
      bound.remove();
    }
    super.doClose();
    socket.close();
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    SocketFile bound = file;
    return bound == null ? null : UnixDomainSocketAddress.of(bound.path());
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected boolean doWriteMessage(Object message, ChannelOutboundBuffer out) {
    throw new UnsupportedOperationException("write (expected: accept only)");
  }

  @Override
  protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) {
    throw new UnsupportedOperationException("connect (expected: accept only)");
  }

  @Override
  protected void doFinishConnect() {
    throw new UnsupportedOperationException("connect (expected: accept only)");
  }

  @Override
  protected void doDisconnect() {
    throw new UnsupportedOperationException("disconnect (expected: close)");
  }
}
