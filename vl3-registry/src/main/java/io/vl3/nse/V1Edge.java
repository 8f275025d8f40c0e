package io.vl3.nse;

import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.internal.file.ReceiveFiles;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.internal.unix.FilePassing;
import java.time.Duration;
import java.util.List;

/**
 * NSM's v1 API.
 *
 * @param manager the manager that the NSE belongs to
 * @param listenOn where the manager reaches the NSE
 * @param needsFiles whether it may not go without files over a unix socket
 */
record V1Edge(NsmRuntime runtime, ManagerAccess manager, TransportUrl listenOn, boolean needsFiles)
    implements NsmEdge {

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

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
    return runtime.peerIdentity();
  }

  @Override
  public TokenSource tokens(String name) {
    return runtime.tokens(name, TOKEN_LIFETIME);
  }

  @Override
  public List<Endpoint> receiving() {
    return List.of(new ReceiveFiles(runtime.files()));
  }

  @Override
  public NsePresence serve(EndpointRunner runner, NseOffer offer) throws EndpointException {
    if (needsFiles && listenOn instanceof TransportUrl.Unix) {
      FilePassing.require(listenOn.toString());
    }
    NseServer.Builder server =
        NseServer.builder(runtime, offer.name(), manager.registry(), listenOn, runner);
    return new ServerPresence(ServerPresence.offering(server, offer).start());
  }
}
