package io.vl3.nsm.legacy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.net.InterfaceAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * The connections that we have asked the manager for, by our ids, with what it calls them. A
 * connection is here from its first answer until its close. Thread-safe.
 */
final class Dialled {

  private final ConcurrentMap<ConnectionId, Known> byOwnId = new ConcurrentHashMap<>();

  /**
   * A connection as the manager knows it.
   *
   * @param id the manager's id
   * @param manager the name that its path begins with, by which events are asked for
   * @param addresses those of both ends
   */
  record Known(String id, String manager, List<InterfaceAddress> addresses) {

    static List<InterfaceAddress> addresses(Connection connection) {
      return Stream.concat(
              connection.ip().clientAddresses().stream(),
              connection.ip().endpointAddresses().stream())
          .toList();
    }
  }

  Optional<Known> find(ConnectionId own) {
    return Optional.ofNullable(byOwnId.get(own));
  }

  void put(ConnectionId own, Known known) {
    byOwnId.put(own, known);
  }

  /** Back to what was known before. */
  void restore(ConnectionId own, Optional<Known> before) {
    before.ifPresentOrElse(known -> byOwnId.put(own, known), () -> byOwnId.remove(own));
  }

  void remove(ConnectionId own) {
    byOwnId.remove(own);
  }

  int size() {
    return byOwnId.size();
  }
}
