package io.vl3.cli.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections, and those of them that are streams. A client that does not read costs one
 * message beyond its channel's high-water mark: what comes meanwhile it misses, and one that reads
 * nothing for {@link #PATIENCE} is ended. Thread-safe; nothing blocks.
 */
public final class Streams implements AutoCloseable {

  /** Clients at a time, whatever they ask for. */
  public static final int MOST = 64;

  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final InstantSource clock;
  private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
  private final Map<Channel, Reading> streams = new ConcurrentHashMap<>();

  /** None yet. */
  public Streams(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * How far a client is.
   *
   * @param last when it could take a message last
   * @param missed whether it has missed one since
   */
  private record Reading(Instant last, boolean missed) {}

  /** How many connections are open. */
  int connections() {
    return connections.size();
  }

  /** Counts a connection until it is closed; false if there are too many. */
  boolean mayConnect(Channel connection) {
    if (connections.size() >= MOST) {
      return false;
    }
    connections.add(connection);
    var unused = connection.closeFuture().addListener(closed -> connections.remove(connection));
    return true;
  }

  /** Begins a stream, with the messages that whoever joins now has missed. */
  void add(Channel stream, List<String> beginning) {
    beginning.forEach(message -> write(stream, message));
    streams.put(stream, new Reading(clock.instant(), false));
    var unused = stream.closeFuture().addListener(closed -> streams.remove(stream));
  }

  /** Whether nobody would hear a message. */
  public boolean isEmpty() {
    return streams.isEmpty();
  }

  /** Sends a message to every stream that has read enough; ends who reads nothing. */
  public void send(String message) {
    streams.forEach((stream, reading) -> send(stream, reading, message));
  }

  /** Sends what holds now to those who have missed a message and read again. */
  public void catchUp(String message) {
    streams.forEach(
        (stream, reading) -> {
          if (reading.missed()) {
            send(stream, reading, message);
          }
        });
  }

  private void send(Channel stream, Reading reading, String message) {
    Instant now = clock.instant();
    if (stream.isWritable()) {
      streams.replace(stream, new Reading(now, false));
      write(stream, message);
    } else if (reading.last().plus(PATIENCE).isBefore(now)) {
      end(stream);
    } else {
      streams.replace(stream, new Reading(reading.last(), true));
    }
  }

  /** A message as the protocol has it (HTML, 9.2); its text is in one line. */
  public static String message(String event, String line) {
    return "event: %s\ndata: %s\n\n".formatted(event, line);
  }

  private static void write(Channel stream, String message) {
    var unused =
        stream.writeAndFlush(
            new DefaultHttpContent(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8)));
  }

  private static void end(Channel connection) {
    var unused = connection.close();
  }

  @Override
  public void close() {
    connections.forEach(Streams::end);
  }
}
