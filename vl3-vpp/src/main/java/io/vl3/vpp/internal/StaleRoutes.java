package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink.MemifMode;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that VPP has and that are not configured at the agent. An agent that restarts removes the
 * interfaces and leaves the routes over them. VPP gives an interface's number to the next one, and
 * the routes lead over that: packets go to a wrong link. A route that is sent then and equals one
 * of them changes nothing in VPP and leads nowhere. So interfaces are made first; then each stale
 * route over them is sent to the agent and deleted; only then their own routes are sent. Not
 * thread-safe.
 */
public final class StaleRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(StaleRoutes.class);

  private static final String LINK_LOCAL = "fe80::/10";

  private final AgentClient client;
  private final OwnerNames names;
  private boolean suspected;

  StaleRoutes(AgentClient client, OwnerNames names) {
    this.client = client;
    this.names = names;
  }

  /** Looks for routes without an interface, which the next interface may be given. */
  void see(AgentView view) {
    suspected =
        view.untold().stream()
            .anyMatch(item -> item.message() instanceof Route route && leadsNowhere(route));
  }

  /** Sends what the drafts need, interfaces before their routes if some may lead there already. */
  void put(List<Draft> drafts, Sender sender) throws AgentException {
    if (!suspected || drafts.stream().noneMatch(StaleRoutes::makesInterface)) {
      sender.put(drafts);
      return;
    }
    sender.put(parts(drafts, sender, item -> item.kind() != ItemKind.ROUTE));
    if (sender.calls().lost().isEmpty()) {
      AgentView view = client.read();
      delete(view, sender.calls());
      see(view);
    }
    sender.put(parts(drafts, sender, item -> item.kind() == ItemKind.ROUTE));
  }

  /** Deletes the stale routes over our interfaces; answers whether there was any. */
  boolean delete(AgentView view, Calls calls) throws AgentException {
    List<Item> stale = over(view);
    if (stale.isEmpty()) {
      return false;
    }
    LOG.warn("{}: routes that nobody configured, deleted: {}", client.agent(), stale);
    // The agent deletes only what is configured.
    calls.update(stale);
    return calls.delete(stale).isEmpty();
  }

  private List<Item> over(AgentView view) {
    return view.untold().stream()
        .filter(item -> names.idOf(item.interfaceName()).isPresent())
        .filter(item -> isStale(item, view))
        .toList();
  }

  /** The stale routes over anybody's interfaces, without those that VPP made itself. */
  public static List<Item> in(AgentView view) {
    return view.untold().stream().filter(item -> isStale(item, view)).toList();
  }

  private static boolean isStale(Item item, AgentView view) {
    return item.message() instanceof Route route && !isVppsOwn(route, view);
  }

  /** VPP makes routes to an interface's own networks, and to neighbours that it found. */
  private static boolean isVppsOwn(Route route, AgentView view) {
    Optional<IpPrefix> to =
        InterfaceAddress.tryParse(route.getDstNetwork()).map(InterfaceAddress::network);
    Optional<Interface> face =
        view.running(Item.of(Interface.newBuilder().setName(route.getOutgoingInterface()).build()))
            .map(item -> (Interface) item.message());
    if (to.isEmpty() || face.isEmpty() || route.getType() != Route.RouteType.INTRA_VRF) {
      return true;
    }
    boolean found =
        face.get().hasMemif()
            && face.get().getMemif().getMode() == MemifMode.ETHERNET
            && to.get().length() == to.get().family().bits();
    return found
        || face.get().getIpAddressesList().stream()
            .flatMap(address -> InterfaceAddress.tryParse(address).stream())
            .anyMatch(address -> address.network().overlaps(to.get()));
  }

  /** Every VPP has the route to link-local addresses. */
  private static boolean leadsNowhere(Route route) {
    return route.getOutgoingInterface().isEmpty()
        && route.getType() == Route.RouteType.INTRA_VRF
        && !route.getDstNetwork().equals(LINK_LOCAL);
  }

  private static boolean makesInterface(Draft draft) {
    return draft.puts().stream().anyMatch(item -> item.kind() == ItemKind.INTERFACE);
  }

  private static List<Draft> parts(List<Draft> drafts, Sender sender, Predicate<Item> which) {
    return drafts.stream()
        .filter(draft -> !sender.failures().containsKey(draft.key()))
        .map(draft -> draft.with(draft.puts().stream().filter(which)))
        .filter(draft -> !draft.puts().isEmpty())
        .toList();
  }
}
