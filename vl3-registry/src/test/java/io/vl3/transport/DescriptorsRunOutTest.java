package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.sun.jna.Native;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vl3.LogLines;
import io.vl3.nsm.Eventually;
import io.vl3.transport.internal.socket.PausingAccept;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that has no descriptor left for a while accepts again afterwards, and says both once.
 */
class DescriptorsRunOutTest {

  private static final int RLIMIT_NOFILE = 7;

  private final TestTransport transport;
  private final LogLines log = LogLines.of(PausingAccept.class.getName()).from(Level.DEBUG);
  private final List<AutoCloseable> held = new ArrayList<>();

  DescriptorsRunOutTest() throws Exception {
    transport = new TestTransport();
  }

  @AfterEach
  void stop() throws Exception {
    log.close();
    for (AutoCloseable each : held) {
      each.close();
    }
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp"})
  void aServerWithoutDescriptors_pauses_saysItOnce_andGoesOn(String kind) throws Exception {
    rehearse();
    SocketAddress server =
        address(
            transport
                .start(kind.equals("unix") ? transport.unix("s") : TestTransport.loopback())
                .url());
    Deque<SocketChannel> callers = new ArrayDeque<>();
    for (int i = 0; i < 100; i++) {
      callers.add(open(kind));
    }
    long[] limits = limits();
    long begun = System.nanoTime();
    try {
      setLimit(2048, limits[1]);
      Eventually.until("said", () -> isRefused(callers, server));
    } finally {
      setLimit(limits[0], limits[1]);
    }
    Eventually.until("over", () -> log.lines().size() > 1);
    // One attempt for each pause, the shortest of which is 50 ms; else the thread spins.
    assertThat((long) log.lines(Level.DEBUG).size())
        .isLessThan(4 + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) / 50);
    assertThat(log.lines()).hasSize(2);
    assertThat(log.lines().get(0)).contains("connections cannot be taken: Too many open files");
    assertThat(log.lines().get(1)).contains("connections are taken again after ");
  }

  /** Other threads of this JVM may give a descriptor back, which the server then takes. */
  private boolean isRefused(Deque<SocketChannel> callers, SocketAddress server) throws IOException {
    fill();
    if (log.lines(Level.WARN).isEmpty() && !callers.isEmpty()) {
      assertThat(callers.remove().connect(server)).isTrue();
    }
    return !log.lines(Level.WARN).isEmpty();
  }

  /** What it takes must not have to be loaded from files when none can be opened. */
  private void rehearse() throws Exception {
    EmbeddedChannel channel = PausingAccept.on(new EmbeddedChannel());
    channel.pipeline().fireChannelActive();
    channel.pipeline().fireExceptionCaught(new IOException("rehearsed"));
    assertThat(channel.config().isAutoRead()).isFalse();
    Eventually.until("said", () -> !log.lines(Level.WARN).isEmpty());
    var unused = channel.close();
    log.clear();
  }

  private SocketChannel open(String kind) throws IOException {
    SocketChannel socket =
        kind.equals("unix")
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    held.add(socket);
    return socket;
  }

  private static SocketAddress address(TransportUrl url) {
    return url instanceof TransportUrl.Tcp tcp
        ? new InetSocketAddress(tcp.host(), tcp.port())
        : UnixDomainSocketAddress.of(((TransportUrl.Unix) url).path());
  }

  private void fill() {
    try {
      while (true) {
        held.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("Too many open files");
    }
  }

  private static long[] limits() {
    long[] limits = new long[2];
    assertThat(Calls.getrlimit(RLIMIT_NOFILE, limits)).isZero();
    return limits;
  }

  private static void setLimit(long soft, long hard) {
    assertThat(Calls.setrlimit(RLIMIT_NOFILE, new long[] {soft, hard})).isZero();
  }

  private static final class Calls {

    static {
      Native.register(Calls.class, "c");
    }

    private Calls() {}

    static native int getrlimit(int resource, long[] limits);

    static native int setrlimit(int resource, long[] limits);
  }
}
