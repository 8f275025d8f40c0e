package io.vl3.nse;

import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import java.util.List;

/** NSM's 0.2 API, which has no tokens: peers are known by their names. */
record V02Edge(LegacyManager manager) implements NsmEdge {

  @Override
  public Registry registry() {
    return manager.registry();
  }

  @Override
  public Endpoint networkService() {
    return manager.networkService();
  }

  @Override
  public ConnectionMonitor monitor() {
    return manager.monitor();
  }

  @Override
  public PeerIdentity peerIdentity() {
    return PeerIdentity.BY_NAME;
  }

  @Override
  public TokenSource tokens(String name) {
    return manager.tokens(name);
  }

  @Override
  public List<Endpoint> receiving() {
    return manager.receiving();
  }

  @Override
  public NsePresence serve(EndpointRunner runner, NseOffer offer) throws EndpointException {
    return new ServerPresence(
        ServerPresence.offering(manager.server(offer.name(), runner), offer).start());
  }
}
