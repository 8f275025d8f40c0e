package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.Counters;
import io.vl3.links.InstalledLinks.InstalledRoute;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.internal.Configurator.Traffic;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What VPP runs, as routes and interfaces. */
public final class InstalledView {

  private InstalledView() {}

  /**
   * Of an owner the interfaces; of everybody the routes.
   *
   * @param traffic what is known of interfaces besides, by their names
   */
  public static InstalledLinks of(VppView view, OwnerNames names, Map<String, Traffic> traffic) {
    List<Item> running = view.running().stream().sorted(Comparator.comparing(Item::name)).toList();
    return new InstalledLinks(
        running.stream()
            .filter(item -> item.kind() == ItemKind.INTERFACE)
            .filter(item -> names.idOf(item.name()).isPresent())
            .map(item -> shown((Interface) item.message(), traffic))
            .toList(),
        running.stream()
            .filter(item -> item.kind() == ItemKind.ROUTE)
            .map(item -> (Route) item.message())
            .map(InstalledView::shown)
            .toList(),
        true);
  }

  private static InstalledLinks.Interface shown(Interface face, Map<String, Traffic> traffic) {
    Optional<Traffic> known = Optional.ofNullable(traffic.get(face.getName()));
    return new InstalledLinks.Interface(
        face.getName(),
        face.getEnabled() && known.map(Traffic::linkUp).orElse(true),
        face.getMtu(),
        face.getIpAddressesList().stream()
            .flatMap(text -> InterfaceAddress.tryParse(text).stream())
            .toList(),
        known.map(Traffic::counters).orElse(Counters.NONE));
  }

  private static InstalledRoute shown(Route route) {
    IpPrefix destination = IpPrefix.parseLenient(route.getDstNetwork());
    return new InstalledRoute(
        destination,
        IpAddress.tryParse(route.getNextHopAddr())
            .filter(hop -> !hop.equals(new IpAddress(hop.family(), 0, 0)))
            .filter(hop -> !hop.toPrefix().equals(destination)),
        route.getType() == Route.RouteType.DROP ? "" : route.getOutgoingInterface(),
        0);
  }
}
