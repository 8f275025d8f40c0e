package io.vl3.nse;

import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import io.vl3.transport.TransportUrl;
import java.util.List;

/**
 * One Network Service Mesh as an NSE sees it: where it registers and is called, and by which it
 * finds and calls its peers. Everything that differs between NSM's APIs is behind this interface.
 * Thread-safe; what it is made of stays its maker's to close.
 */
public interface NsmEdge {

  /**
   * NSM's v1 API. Over a unix socket the manager and the NSE pass each other the files of network
   * namespaces, for which the JVM needs {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}:
   * without it {@link #serve} fails and names it.
   *
   * @param manager the manager that the NSE belongs to
   * @param listenOn where the manager reaches the NSE
   */
  static NsmEdge v1(NsmRuntime runtime, ManagerAccess manager, TransportUrl listenOn) {
    return new V1Edge(runtime, manager, listenOn, true);
  }

  /**
   * NSM's v1 API where namespaces go by path: enough where the manager and the NSE see the same
   * files, as on one machine without containers.
   *
   * @param manager the manager that the NSE belongs to
   * @param listenOn where the manager reaches the NSE
   */
  static NsmEdge v1WithoutFiles(NsmRuntime runtime, ManagerAccess manager, TransportUrl listenOn) {
    return new V1Edge(runtime, manager, listenOn, false);
  }

  /** NSM's 0.2 API, as the original vL3 used it. */
  static NsmEdge v02(LegacyManager manager) {
    return new V02Edge(manager);
  }

  /** The registry of its endpoints. */
  Registry registry();

  /** The end of a client's chain: calls an endpoint of this NSM. */
  Endpoint networkService();

  /** The events of this NSM for the connections that we asked it for. */
  ConnectionMonitor monitor();

  /** How the identity of a peer is proven here. */
  PeerIdentity peerIdentity();

  /** Our tokens here, unless the builder is given others. */
  TokenSource tokens(String name);

  /** Elements before the server chain, for what requests of this NSM bring beside themselves. */
  default List<Endpoint> receiving() {
    return List.of();
  }

  /**
   * Serves a runner here, and registers in the background for as long as the presence lasts.
   *
   * @param runner its owner ends it, between {@link NsePresence#withdraw} and {@link
   *     NsePresence#close}
   * @throws EndpointException if it cannot listen; nothing is left then
   */
  NsePresence serve(EndpointRunner runner, NseOffer offer) throws EndpointException;
}
