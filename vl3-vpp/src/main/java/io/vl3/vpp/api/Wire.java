package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiException.Kind;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a unix socket: each has 16 octets before it, of which the ninth to twelfth are its
 * length. A sender writes as much as the socket takes at once and never waits; the rest is written
 * by the one task that also reads, which runs until the connection ends.
 *
 * <p>Thread-safe. The lock is for the queue and for writes that do not block.
 */
final class Wire implements AutoCloseable {

  private static final int HEADER = 16;
  private static final int LENGTH_AT = 8;
  private static final int READ = 64 << 10;

  /** Frames that VPP does not take are not piled up for ever. */
  private static final long MOST_QUEUED = 64L << 20;

  /** Receives frames in the reading task; must not block. */
  interface Listener {
    /** A frame arrived; the buffer is valid during the call only. */
    void frame(ByteBuffer octets);

    /** There is no more. Called once. */
    void ended(ApiException why);
  }

  private final Path socket;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final int largest;
  private ByteBuffer in = ByteBuffer.allocate(READ);

  /** Guarded by this, like all below. */
  private final Deque<ByteBuffer> queue = new ArrayDeque<>();

  private long queued;
  private boolean closed;

  private Wire(Path socket, SocketChannel channel, Selector selector, int largest)
      throws IOException {
    this.socket = socket;
    this.channel = channel;
    this.selector = selector;
    this.largest = largest;
    channel.configureBlocking(false);
    this.key = channel.register(selector, SelectionKey.OP_READ);
  }

  /** Connects, which a unix socket does at once or not at all. */
  static Wire connect(Path socket, int largest) throws ApiException {
    SocketChannel channel = null;
    Selector selector = null;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      selector = Selector.open();
      return new Wire(socket, channel, selector, largest);
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException failure) {
      closeQuietly(channel);
      closeQuietly(selector);
      throw new ApiException(
          Kind.AWAY,
          "VPP at %s: %s (expected: a VPP that listens)".formatted(socket, failure.getMessage()),
          failure);
    }
  }

  /** Reads and writes in a task of the executor until the end. */
  void start(Executor executor, Listener listener) {
    executor.execute(() -> run(listener));
  }

  /** Sends messages, as one write if the socket takes so much; false: the connection has ended. */
  boolean send(List<byte[]> messages) throws ApiException {
    ByteBuffer frames =
        ByteBuffer.allocate(messages.stream().mapToInt(one -> HEADER + one.length).sum());
    messages.forEach(one -> frames.putLong(0).putInt(one.length).putInt(0).put(one));
    return write(frames.flip());
  }

  private boolean write(ByteBuffer frames) throws ApiException {
    synchronized (this) {
      if (closed) {
        return false;
      }
      if (queued > MOST_QUEUED) {
        throw new ApiException(
            Kind.LATE, "VPP at %s: takes no more (expected: reads)".formatted(socket));
      }
      try {
        if (queue.isEmpty()) {
          channel.write(frames);
        }
        if (frames.hasRemaining()) {
          queue.add(frames);
          queued += frames.remaining();
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          selector.wakeup();
        }
        return true;
      } catch (IOException | CancelledKeyException ending) {
        // The reading task sees it, too, and says why.
        return false;
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeQuietly(channel);
    closeQuietly(selector);
    queue.clear();
  }

  private void run(Listener listener) {
    ApiException why;
    try {
      while (true) {
        selector.select();
        selector.selectedKeys().clear();
        writeQueued();
        readFrames(listener);
      }
    } catch (ApiException unreadable) {
      why = unreadable;
    } catch (IOException | ClosedSelectorException | CancelledKeyException failure) {
      String words = failure.getMessage() == null ? "closed" : failure.getMessage();
      why = new ApiException(Kind.AWAY, "VPP at %s: %s".formatted(socket, words), failure);
    }
    close();
    listener.ended(why);
  }

  private synchronized void writeQueued() throws IOException {
    while (!queue.isEmpty()) {
      ByteBuffer first = queue.element();
      queued -= channel.write(first);
      if (first.hasRemaining()) {
        return;
      }
      queue.remove();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  private void readFrames(Listener listener) throws IOException, ApiException {
    int read = channel.read(in);
    while (read > 0) {
      in.flip();
      int needed = frames(listener);
      in.compact();
      if (needed > in.capacity()) {
        in = ByteBuffer.allocate(needed).put(in.flip());
      }
      read = channel.read(in);
    }
    if (read < 0) {
      throw new IOException("connection ended by VPP");
    }
  }

  /** Hands on whole frames; answers how much room the next one needs. */
  private int frames(Listener listener) throws ApiException {
    while (in.remaining() >= HEADER) {
      int length = in.getInt(in.position() + LENGTH_AT);
      if (length < 0 || length > largest) {
        throw new ApiException(
            Kind.UNREADABLE,
            "VPP at %s: frame of %s octets (expected: at most %d)"
                .formatted(socket, Integer.toUnsignedString(length), largest));
      }
      if (in.remaining() < HEADER + length) {
        return HEADER + length;
      }
      listener.frame(in.slice(in.position() + HEADER, length));
      in.position(in.position() + HEADER + length);
    }
    return HEADER;
  }

  private static void closeQuietly(@Nullable AutoCloseable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Exception alreadyBroken) {
      // It was to be closed.
    }
  }
}
