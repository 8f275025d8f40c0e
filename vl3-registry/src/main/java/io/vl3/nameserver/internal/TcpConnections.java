package io.vl3.nameserver.internal;

import io.vl3.nameserver.NameServerSettings.Limits;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The open TCP connections, so many in all and so many of one source. Where there is no place left,
 * one that waits for its question makes room: of the same source if that has its share already,
 * else of the source that has most, if it has more than the newcomer's. So those who keep
 * connections without asking shut out nobody but themselves. Thread-safe.
 */
final class TcpConnections {

  private final Limits limits;
  private final Set<TcpConnection> open = new LinkedHashSet<>();
  private long turns;

  TcpConnections(Limits limits) {
    this.limits = limits;
  }

  /** The outcome for a new connection. */
  record Admission(boolean admitted, Optional<TcpConnection> makesRoom) {}

  /**
   * Takes a connection in, if there is a place or one can be made; the caller ends who makes it.
   */
  synchronized Admission admit(TcpConnection newcomer) {
    Optional<TcpConnection> leaving = Optional.empty();
    if (isFullFor(newcomer.source())) {
      leaving = whoMakesRoom(newcomer.source());
      if (leaving.isEmpty()) {
        return new Admission(false, leaving);
      }
      open.remove(leaving.get());
    }
    newcomer.waitingSince(turns++);
    open.add(newcomer);
    return new Admission(true, leaving);
  }

  /** Its question is whole: nobody takes its place before it is answered. */
  synchronized void answering(TcpConnection connection) {
    connection.answering();
  }

  /** It has its answer and waits for the next question. */
  synchronized void waiting(TcpConnection connection) {
    connection.waitingSince(turns++);
  }

  /** Forgets one that is gone; idempotent. */
  synchronized void remove(TcpConnection connection) {
    open.remove(connection);
  }

  synchronized int size() {
    return open.size();
  }

  synchronized List<TcpConnection> all() {
    return List.copyOf(open);
  }

  private boolean isFullFor(InetAddress source) {
    return open.size() >= limits.connections() || of(source) >= limits.connectionsOfOne();
  }

  private Optional<TcpConnection> whoMakesRoom(InetAddress source) {
    long own = of(source);
    if (own >= limits.connectionsOfOne()) {
      return longestWaiting(connection -> connection.source().equals(source));
    }
    long most = open.stream().mapToLong(connection -> of(connection.source())).max().orElse(0);
    return most > own
        ? longestWaiting(connection -> of(connection.source()) == most)
        : Optional.empty();
  }

  private Optional<TcpConnection> longestWaiting(Predicate<TcpConnection> among) {
    return open.stream()
        .filter(TcpConnection::isWaiting)
        .filter(among)
        .min(Comparator.comparingLong(TcpConnection::turn));
  }

  private long of(InetAddress source) {
    return open.stream().filter(connection -> connection.source().equals(source)).count();
  }
}
