package io.vl3.nse;

import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An edge whose NSE takes itself for another one, until a test lets it know its name. */
final class RenamedEdge implements NsmEdge {

  private final NsmEdge edge;

  /** What is to be run after registrations that were granted. */
  final Queue<Runnable> registered = new ConcurrentLinkedQueue<>();

  volatile Optional<String> claimed;

  RenamedEdge(NsmEdge edge, String claimed) {
    this.edge = edge;
    this.claimed = Optional.of(claimed);
  }

  @Override
  public NsePresence serve(EndpointRunner runner, NseOffer offer) throws EndpointException {
    NsePresence presence =
        edge.serve(
            runner,
            new NseOffer(
                offer.name(),
                offer.service(),
                offer.labels(),
                offer.records(),
                offer.stays(),
                offer.connections(),
                () -> registered.add(offer.onRegistration())));
    return new Renamed(presence);
  }

  @Override
  public Registry registry() {
    return edge.registry();
  }

  @Override
  public Endpoint networkService() {
    return edge.networkService();
  }

  @Override
  public ConnectionMonitor monitor() {
    return edge.monitor();
  }

  @Override
  public PeerIdentity peerIdentity() {
    return edge.peerIdentity();
  }

  @Override
  public TokenSource tokens(String name) {
    return edge.tokens(name);
  }

  private final class Renamed implements NsePresence {

    private final NsePresence presence;

    Renamed(NsePresence presence) {
      this.presence = presence;
    }

    @Override
    public CompletionStage<EndpointRecord> registered() {
      return presence.registered();
    }

    @Override
    public EndpointRecord registration() {
      return claimed
          .map(name -> EndpointRecord.of(name, NseRig.SERVICE, Map.of(), ""))
          .orElseGet(presence::registration);
    }

    @Override
    public void withdraw() {
      presence.withdraw();
    }

    @Override
    public void close() {
      presence.close();
    }
  }
}
