package io.vl3.nsm.legacy;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry in a workspace that a manager was asked for. A manager that is started again makes its
 * workspaces anew, unless it has lost its list: then nobody serves ours, which is asked for again
 * before we register. Thread-safe.
 */
final class AskedWorkspace implements Registry {

  private static final Logger LOG = LoggerFactory.getLogger(AskedWorkspace.class);

  private final Registry there;
  private final Workspace workspace;
  private final Asking asking;
  private final Duration patience;
  private final Timer timer;

  /** Guarded by this. */
  private Optional<Instant> lostSince = Optional.empty();

  /** Asks the manager for the workspace, which blocks. */
  @FunctionalInterface
  interface Asking {
    Workspace ask() throws EndpointException;
  }

  /**
   * A registry.
   *
   * @param there the registry as long as the workspace is served
   * @param workspace what the manager has given
   * @param patience how long the manager may take to serve it again by itself: asking empties it
   */
  AskedWorkspace(
      Registry there, Workspace workspace, Asking asking, Duration patience, Timer timer) {
    this.there = there;
    this.workspace = workspace;
    this.asking = asking;
    this.patience = patience;
    this.timer = timer;
  }

  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    if (isLost()) {
      askAgain();
    }
    return there.register(endpoint);
  }

  private synchronized boolean isLost() {
    Instant now = timer.instant();
    lostSince = isServed() ? Optional.empty() : lostSince.or(() -> Optional.of(now));
    return lostSince.filter(since -> !since.plus(patience).isAfter(now)).isPresent();
  }

  private boolean isServed() {
    try (SocketChannel reached =
        SocketChannel.open(UnixDomainSocketAddress.of(workspace.serverSocket()))) {
      return reached.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }

  private void askAgain() throws EndpointException {
    Workspace given = asking.ask();
    if (!given.equals(workspace)) {
      throw new EndpointException(
          Reason.INTERNAL,
          "workspace: %s (expected: %s as before)"
              .formatted(given.directory(), workspace.directory()));
    }
    LOG.warn("workspace {}: nobody served it, and it is asked for again", workspace.directory());
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    there.unregister(endpoint);
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    return there.find(query);
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    return there.watch(query, listener);
  }

  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service)
      throws EndpointException {
    return there.registerService(service);
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) throws EndpointException {
    return there.findService(name);
  }

  @Override
  public void unregisterService(String name) throws EndpointException {
    there.unregisterService(name);
  }
}
