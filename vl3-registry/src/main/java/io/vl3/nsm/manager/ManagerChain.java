package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.TokenSource;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.MeasureRequests;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.internal.file.ReceiveFiles;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The manager's chain and its stores.
 *
 * @param chain the elements
 * @param path our ids
 * @param bounds what established connections may take of memory
 * @param abandoned who cares for the connections
 * @param board what watchers see
 * @param lines the channels to endpoints
 * @param vnis the tunnels' identifiers
 * @param links the wanted links
 */
record ManagerChain(
    EndpointChain chain,
    UpdatePath path,
    BoundMemory bounds,
    CloseAbandoned abandoned,
    ConnectionBoard board,
    EndpointLines lines,
    VniPool vnis,
    LinkProgram links) {

  private static final int QUEUED_EVENTS = 4096;
  private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(1);

  static ManagerChain of(
      String name,
      TokenSource tokens,
      NsmRuntime runtime,
      InMemoryRegistry registry,
      LinkProgram links,
      NodeSettings node,
      EndpointMemory memory,
      OwnDomain ownDomain,
      Duration settling,
      Duration registrationLifetime,
      Duration abandonedGrace) {
    ConnectionBoard board = new ConnectionBoard(runtime.executor(), QUEUED_EVENTS);
    CloseAbandoned abandoned = new CloseAbandoned(runtime.timer(), abandonedGrace);
    EndpointLines lines = new EndpointLines(name, runtime, registry, new Behind(board, abandoned));
    VniPool vnis = new VniPool(runtime.random());
    BoundMemory bounds = BoundMemory.ofHeap();
    UpdatePath path = new UpdatePath(name, tokens, ConnectionId::random);
    IntSupplier tunnelMtuBytes = () -> node.tunnelMtuBytes(links::tunnelMtuBytes);
    EndpointChain chain =
        EndpointChain.of(
            name,
            MeasureRequests.ofManager(runtime.reporter().meter()),
            new ReceiveFiles(runtime.files()),
            path,
            bounds,
            new ExpireConnection(runtime.timer(), EXPIRY_MARGIN),
            abandoned,
            PublishConnection.tellingFailures(board),
            new SelectEndpoint(
                registry, memory, ownDomain, runtime.timer(), settling, registrationLifetime),
            new TranslateMechanism(node, vnis, tunnelMtuBytes, LocalCallers::isLocal),
            new ProgramLink(
                links,
                new NodeLinks(node, tunnelMtuBytes),
                runtime.timer(),
                runtime.closeTimeout()),
            new CheckAnswer(vnis),
            new ConnectEndpoint(lines, runtime.executor()));
    return new ManagerChain(chain, path, bounds, abandoned, board, lines, vnis, links);
  }

  /**
   * Passes the events of endpoints on to watchers, and to the element that closes abandoned
   * connections.
   */
  private record Behind(ConnectionBoard board, CloseAbandoned abandoned) implements EventSink {

    @Override
    public void tell(ConnectionId id, ConnectionState state) {
      board.publishState(id, state);
    }

    @Override
    public void closed(ConnectionId id) {
      tell(id, ConnectionState.DOWN);
      abandoned.closedThere(id);
    }

    /** It is posted again when another endpoint serves it. */
    @Override
    public void over(ConnectionId id) {
      board.remove(id);
    }
  }
}
