package io.vl3.transport.internal.socket;

import com.sun.jna.Native;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the kernel notices by itself that the other side of a TCP connection is dead: it asks after a
 * while of silence, and gives the connection up when no answer comes, or when data that was sent is
 * not acknowledged. No server sees anything of it, so that none can object, as Go's gRPC servers do
 * to pings of HTTP/2 that come more often than every five minutes.
 *
 * @param silence after how much silence the kernel asks; whole seconds, at least one
 * @param answer how long an answer may take
 */
public record TcpOptions(Duration silence, Duration answer) {

  private static final Logger LOG = LoggerFactory.getLogger(TcpOptions.class);

  /** How often the kernel asks while no answer comes. */
  private static final int QUESTIONS = 3;

  /** As {@code netinet/in.h} and {@code linux/tcp.h} have them. */
  private static final int IPPROTO_TCP = 6;

  private static final int TCP_USER_TIMEOUT = 18;

  private static final int TCP_RTO_MAX_MS = 44;

  /**
   * The longest pause before the kernel sends again what was not acknowledged. Its own doubles, so
   * that after a cut a server is found as late again as the cut was long.
   */
  private static final int LONGEST_PAUSE_MILLIS = 2_000;

  /** The options that Netty sets on each connection, beside {@code SO_KEEPALIVE}. */
  public Map<ChannelOption<Integer>, Integer> channelOptions() {
    Map<ChannelOption<Integer>, Integer> options = new LinkedHashMap<>();
    put(options, ExtendedSocketOptions.TCP_KEEPIDLE, seconds(silence));
    put(options, ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds(answer.dividedBy(QUESTIONS)));
    put(options, ExtendedSocketOptions.TCP_KEEPCOUNT, QUESTIONS);
    return options;
  }

  /**
   * Sets on a socket how long data may stay without acknowledgement: for as long as a silent
   * connection lives on, and that it is sent again at least every 2 s meanwhile. A connection that
   * a listening socket accepts has its settings. Where the JVM does not show the descriptor the
   * kernel's own limits hold, some 15 minutes; before Linux 6.15 its pauses grow.
   */
  public <T extends NetworkChannel> T limitUnanswered(T socket) {
    OptionalInt descriptor = SocketNumber.of(socket);
    if (descriptor.isPresent() && isLinux()) {
      set(descriptor.getAsInt(), TCP_USER_TIMEOUT, (int) silence.plus(answer).toMillis());
      set(descriptor.getAsInt(), TCP_RTO_MAX_MS, LONGEST_PAUSE_MILLIS);
    }
    return socket;
  }

  private static void put(
      Map<ChannelOption<Integer>, Integer> options, SocketOption<Integer> option, int value) {
    options.put(NioChannelOption.of(option), value);
  }

  private static int seconds(Duration duration) {
    return (int) Math.max(1, duration.toSeconds());
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private static void set(int descriptor, int option, int millis) {
    int[] value = {millis};
    if (Sockets.setsockopt(descriptor, IPPROTO_TCP, option, value, Integer.BYTES) != 0) {
      LOG.debug("TCP option {}: not set [errno {}]", option, Native.getLastError());
    }
  }

  /** How long data may stay without acknowledgement, in milliseconds; 0: as the kernel likes. */
  static int limitMillis(NetworkChannel socket) throws IOException {
    return get(socket, TCP_USER_TIMEOUT);
  }

  /** The longest pause before data is sent again, in milliseconds. */
  static int longestPauseMillis(NetworkChannel socket) throws IOException {
    return get(socket, TCP_RTO_MAX_MS);
  }

  private static int get(NetworkChannel socket, int option) throws IOException {
    int[] value = new int[1];
    int[] length = {Integer.BYTES};
    int descriptor = SocketNumber.of(socket).orElseThrow();
    if (Sockets.getsockopt(descriptor, IPPROTO_TCP, option, value, length) != 0) {
      throw new IOException("getsockopt: errno " + Native.getLastError());
    }
    return value[0];
  }

  /** The socket options that the JDK has no names for. */
  private static final class Sockets {

    static {
      Native.register(Sockets.class, "c");
    }

    private Sockets() {}

    static native int setsockopt(int socket, int level, int option, int[] value, int length);

    static native int getsockopt(int socket, int level, int option, int[] value, int[] length);
  }
}
