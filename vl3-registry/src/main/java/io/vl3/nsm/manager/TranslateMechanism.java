package io.vl3.nsm.manager;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionContext;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Chooses how the client's side is joined, and offers the other side what the forwarder can join it
 * with: KERNEL to an endpoint of this node, VXLAN to another node. The elements behind see the
 * client's mechanism as the connection's; the client gets it back in the answer. Folds the tunnel's
 * MTU into the context.
 *
 * <p>It stands before the element that programs the link, so that a tunnel's identifier is free
 * again only when the tunnel is gone.
 */
final class TranslateMechanism implements Endpoint {

  /** The identifier of the connection's tunnel. */
  static final Key<Integer> VNI = Key.named("vni");

  private static final Key<Integer> TOLD_MTU = Key.named("mtu told");

  private final NodeSettings node;
  private final VniPool vnis;
  private final IntSupplier tunnelMtuBytes;
  private final Predicate<Caller> onThisNode;

  /**
   * An element.
   *
   * @param tunnelMtuBytes the MTU of a tunnel to another node, as it is now
   * @param onThisNode who may name network namespaces of this node
   */
  TranslateMechanism(
      NodeSettings node, VniPool vnis, IntSupplier tunnelMtuBytes, Predicate<Caller> onThisNode) {
    this.node = node;
    this.vnis = vnis;
    this.tunnelMtuBytes = tunnelMtuBytes;
    this.onThisNode = onThisNode;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    boolean toNode = session.get(Selection.KEY).orElseThrow().targets().get(0).remote();
    Mechanism client = chooseClient(request, session, toNode);
    boolean fromNode = client.type().equals(Mechanism.VXLAN);
    if (toNode && (fromNode || isMemif(client))) {
      throw new EndpointException(
          Reason.INVALID,
          "mechanism: %s (expected: KERNEL, to go on to another node)".formatted(client.type()));
    }
    Connection inner =
        request
            .connection()
            .withMechanism(client)
            .withContext(told(request.connection().context(), session, fromNode || toNode));
    Mechanism offer = isMemif(client) ? client : offer(toNode, session);
    Connection answer = next.request(new ConnectionRequest(inner, List.of(offer)));
    // The two ends of a memif join by themselves: the client is told where the endpoint listens.
    Connection known = isMemif(client) ? answer : answer.withMechanism(client);
    if (fromNode || toNode) {
      known = known.withContext(atMost(known.context(), tunnelMtuBytes.getAsInt()));
    }
    session.put(TOLD_MTU, known.context().mtuBytes());
    return known;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      session.remove(VNI).ifPresent(vnis::free);
    }
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("KERNEL on this node, VXLAN between nodes, MEMIF passed on")
        .after(SelectEndpoint.class);
  }

  /** To another node a memif does not lead: the client's next preference does. */
  private Mechanism chooseClient(ConnectionRequest request, Session session, boolean toNode)
      throws EndpointException {
    List<Mechanism> offered =
        Stream.concat(
                request.connection().mechanism().stream(), request.mechanismPreferences().stream())
            .toList();
    Optional<Mechanism> chosen =
        offered.stream()
            .filter(this::isSupported)
            .filter(mechanism -> !toNode || !isMemif(mechanism))
            .findFirst()
            .or(() -> offered.stream().filter(this::isSupported).findFirst());
    if (chosen.isEmpty()) {
      throw new EndpointException(
          Reason.INVALID,
          "mechanism_preferences: %s (expected: one of %s)"
              .formatted(
                  offered.stream().map(m -> m.cls() + " " + m.type()).toList(),
                  node.tunnelAddress().isPresent()
                      ? List.of(Mechanism.KERNEL, Mechanism.MEMIF, Mechanism.VXLAN)
                      : List.of(Mechanism.KERNEL, Mechanism.MEMIF)));
    }
    return switch (chosen.get().type()) {
      case Mechanism.KERNEL -> acceptKernel(chosen.get(), session);
      case Mechanism.MEMIF -> acceptMemif(chosen.get(), session);
      default -> acceptVxlan(chosen.get(), session);
    };
  }

  private static boolean isMemif(Mechanism mechanism) {
    return mechanism.type().equals(Mechanism.MEMIF);
  }

  private boolean isSupported(Mechanism mechanism) {
    return mechanism.type().equals(Mechanism.KERNEL)
        || isMemif(mechanism)
        || (mechanism.type().equals(Mechanism.VXLAN) && node.tunnelAddress().isPresent());
  }

  private Mechanism acceptMemif(Mechanism asked, Session session) throws EndpointException {
    requireThisNode(asked, session);
    return asked;
  }

  private void requireThisNode(Mechanism asked, Session session) throws EndpointException {
    if (!onThisNode.test(session.caller())) {
      throw new EndpointException(
          Reason.DENIED,
          "mechanism: %s (expected: a caller of this node's user) [asked by %s]"
              .formatted(asked.type(), session.caller()));
    }
  }

  private Mechanism acceptKernel(Mechanism asked, Session session) throws EndpointException {
    requireThisNode(asked, session);
    var read = KernelParameters.read(asked, "mechanism_preferences[KERNEL]");
    return asked.with(Mechanism.NAME, read.name());
  }

  private Mechanism acceptVxlan(Mechanism asked, Session session) throws EndpointException {
    String whose = "mechanism_preferences[VXLAN]";
    String source = VxlanParameters.address(asked, Mechanism.SRC_IP, whose).toString();
    int proposed = VxlanParameters.vni(asked, whose);
    int vni = heldVni(session, proposed);
    return Mechanism.remote(
        Mechanism.VXLAN,
        Map.of(
            Mechanism.SRC_IP, source,
            Mechanism.DST_IP, node.tunnelAddress().orElseThrow().toString(),
            Mechanism.DST_PORT, Integer.toString(node.tunnelPort()),
            Mechanism.VNI, Integer.toString(vni)));
  }

  private Mechanism offer(boolean toNode, Session session) throws EndpointException {
    if (!toNode) {
      return Mechanism.local(Mechanism.KERNEL, Map.of());
    }
    String source =
        node.tunnelAddress()
            .orElseThrow(
                () ->
                    new EndpointException(
                        Reason.INVALID,
                        "tunnel address: none (expected: configured, to reach other domains)"))
            .toString();
    return Mechanism.remote(
        Mechanism.VXLAN,
        Map.of(Mechanism.SRC_IP, source, Mechanism.VNI, Integer.toString(heldVni(session, 0))));
  }

  /** The connection's identifier; at first the proposed one if it is free on this node. */
  private int heldVni(Session session, int proposed) throws EndpointException {
    Optional<Integer> held = session.get(VNI);
    if (held.isPresent()) {
      return held.get();
    }
    int taken = proposed > 0 && vnis.take(proposed) ? proposed : vnis.take();
    session.onFailure("free vni " + taken, () -> vnis.free(taken));
    session.put(VNI, taken);
    return taken;
  }

  /**
   * The context to pass on. The MTU that we told the client ourselves comes back in its refresh and
   * must not hold the MTU down once the path has widened.
   */
  private ConnectionContext told(ConnectionContext asked, Session session, boolean tunnel) {
    boolean ours = session.get(TOLD_MTU).filter(told -> told == asked.mtuBytes()).isPresent();
    ConnectionContext free = ours ? asked.withMtuBytes(0) : asked;
    return tunnel ? atMost(free, tunnelMtuBytes.getAsInt()) : free;
  }

  private static ConnectionContext atMost(ConnectionContext context, int mtuBytes) {
    boolean higher = context.mtuBytes() == 0 || context.mtuBytes() > mtuBytes;
    return higher ? context.withMtuBytes(mtuBytes) : context;
  }
}
