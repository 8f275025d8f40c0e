package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.mesh.Dialler;
import io.vl3.mesh.PeerConnection;
import io.vl3.status.ConnectionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The connections of an NSE as its status shows them. */
final class NseConnections {

  private NseConnections() {}

  /**
   * Those with peers, then those of workloads.
   *
   * @param peers with every peer, whoever dialled
   * @param served those that somebody else dialled, peers among them
   * @param roundTrips how long packets take, where that is known
   */
  static List<ConnectionStatus> of(
      Collection<PeerConnection> peers,
      Collection<Connection> served,
      Map<ConnectionId, Duration> roundTrips) {
    List<ConnectionStatus> all = new ArrayList<>();
    Set<ConnectionId> ofPeers = new HashSet<>();
    for (PeerConnection link : peers) {
      ConnectionId id = link.connection().requireId();
      boolean dialled = link.dialler() == Dialler.US;
      Optional<Duration> roundTrip = Optional.ofNullable(roundTrips.get(id));
      all.add(ConnectionStatus.peer(link.peer(), dialled, roundTrip, link.connection()));
      if (!dialled) {
        ofPeers.add(id);
      }
    }
    served.stream()
        .filter(connection -> !ofPeers.contains(connection.requireId()))
        .map(ConnectionStatus::workload)
        .forEach(all::add);
    return all;
  }
}
