package io.vl3.dns;

import io.vl3.connection.ConnectionId;
import io.vl3.net.IpAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The name servers of our peers, by the link over which we heard of each. Thread-safe. */
public final class PeerServers {

  private final ConcurrentMap<ConnectionId, PeerServer> byLink = new ConcurrentHashMap<>();

  /**
   * A peer's name server.
   *
   * @param address where it is asked
   * @param asksOthers whether we may ask it to ask its own peers: a spoke may, of a hub
   */
  public record PeerServer(IpAddress address, boolean asksOthers) {}

  /** Notes a server, in place of the one that was noted for the link. */
  public void put(ConnectionId link, PeerServer server) {
    byLink.put(link, server);
  }

  /** Forgets the server of a link that is gone. */
  public void remove(ConnectionId link) {
    byLink.remove(link);
  }

  /** All of them, each once. */
  public List<PeerServer> all() {
    return byLink.values().stream().distinct().toList();
  }

  /** How many links a server is known for. */
  public int size() {
    return byLink.size();
  }
}
