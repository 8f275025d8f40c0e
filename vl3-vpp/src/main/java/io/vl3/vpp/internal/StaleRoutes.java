package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink.MemifMode;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that VPP has and that are not configured at the agent. An agent that restarts removes the
 * interfaces and leaves the routes over them. VPP gives an interface's number to the next one, and
 * the routes lead over that: packets go to a wrong link. A route that is sent then and equals one
 * of them changes nothing in VPP and leads nowhere. So interfaces are made first; then each stale
 * route over them is sent to the agent and deleted; only then their own routes are sent.
 *
 * <p>A stale route whose interface's number nobody has is in the way of others, and a VPP that had
 * such was seen to end (23.06). Such numbers are given to interfaces that exist for a moment, so
 * that the routes are deleted before anything else is sent. Not thread-safe.
 */
public final class StaleRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(StaleRoutes.class);

  private static final String LINK_LOCAL = "fe80::/10";

  /** More interfaces than that were never removed, or the routes are none that an agent left. */
  private static final int MOST_PLACEHOLDERS = 128;

  private final Configurator client;
  private final OwnerNames names;

  /** The keys of stale routes that lead nowhere, but for those that no placeholder helped. */
  private Set<String> nowhere = Set.of();

  private Set<String> hopeless = Set.of();

  StaleRoutes(Configurator client, OwnerNames names) {
    this.client = client;
    this.names = names;
  }

  /** Looks for stale routes whose interface's number nobody has. */
  void see(VppView view) {
    Set<String> found = new HashSet<>();
    view.untold().stream()
        .filter(item -> item.message() instanceof Route route && leadsNowhere(route))
        .forEach(item -> found.add(Equivalence.dumpKey(item)));
    hopeless = hopeless.stream().filter(found::contains).collect(Collectors.toSet());
    found.removeAll(hopeless);
    nowhere = found;
  }

  /** Sends what the drafts need, interfaces before routes while stale routes lead nowhere. */
  void put(List<Draft> drafts, Sender sender) throws VppException {
    if (nowhere.isEmpty()) {
      sender.put(drafts);
      return;
    }
    sender.put(parts(drafts, sender, item -> item.kind() != ItemKind.ROUTE));
    clear(sender.calls());
    sender.put(parts(drafts, sender, item -> item.kind() == ItemKind.ROUTE));
  }

  /** Deletes the stale routes, while any leads nowhere also those that do. */
  void clear(Calls calls) throws VppException {
    if (nowhere.isEmpty() || calls.lost().isPresent()) {
      return;
    }
    VppView view = client.read();
    see(view);
    List<Item> placeholders = new ArrayList<>();
    while (!nowhere.isEmpty() && placeholders.size() < MOST_PLACEHOLDERS) {
      List<Item> more = placeholders(placeholders.size(), Math.max(1, placeholders.size()));
      calls.update(more);
      placeholders.addAll(more);
      view = client.read();
      see(view);
    }
    delete(view, calls);
    calls.delete(placeholders);
    if (!nowhere.isEmpty()) {
      LOG.warn("{}: routes that lead nowhere stay in VPP: {}", client.subject(), nowhere);
      hopeless = nowhere;
      nowhere = Set.of();
    }
  }

  private List<Item> placeholders(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(
            n ->
                Item.of(
                    Interface.newBuilder()
                        .setName(names.placeholderName(n))
                        .setType(Interface.Type.SOFTWARE_LOOPBACK)
                        .build()))
        .toList();
  }

  /**
   * Deletes the stale routes over our interfaces, unless others lead nowhere: {@link #clear} comes
   * first then.
   */
  void delete(VppView view, Calls calls) throws VppException {
    List<Item> stale = over(view);
    if (stale.isEmpty() || !nowhere.isEmpty()) {
      return;
    }
    LOG.warn("{}: routes that nobody configured, deleted: {}", client.subject(), stale);
    // The agent deletes only what is configured.
    calls.update(stale);
    calls.delete(stale);
  }

  private List<Item> over(VppView view) {
    return view.untold().stream()
        .filter(item -> names.idOf(item.interfaceName()).isPresent())
        .filter(item -> isStale(item, view))
        .toList();
  }

  /** The stale routes over anybody's interfaces, without those that VPP made itself. */
  public static List<Item> in(VppView view) {
    return view.untold().stream().filter(item -> isStale(item, view)).toList();
  }

  private static boolean isStale(Item item, VppView view) {
    return item.message() instanceof Route route && !isVppsOwn(route, view);
  }

  /** VPP makes routes to an interface's own networks, and to neighbours that it found. */
  private static boolean isVppsOwn(Route route, VppView view) {
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

  private static List<Draft> parts(List<Draft> drafts, Sender sender, Predicate<Item> which) {
    return drafts.stream()
        .filter(draft -> !sender.failures().containsKey(draft.key()))
        .map(draft -> draft.with(draft.puts().stream().filter(which)))
        .filter(draft -> !draft.puts().isEmpty())
        .toList();
  }
}
