package io.vl3.cli.assembly;

import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.InstalledRoute;
import io.vl3.links.InstalledLinks.Interface;
import io.vl3.linux.Uplink;
import io.vl3.net.IpAddress;
import io.vl3.vpp.KernelWay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a VPP and the namespace beside it have, as one: a route of VPP's into the namespace goes on
 * by the namespace's own, and is none if that leads back.
 */
final class BothInstalled {

  private BothInstalled() {}

  static InstalledLinks of(InstalledLinks vpp, InstalledLinks kernel, KernelWay way) {
    List<Interface> interfaces = new ArrayList<>(vpp.interfaces());
    interfaces.addAll(kernel.interfaces());
    interfaces.sort(Comparator.comparing(Interface::name));
    List<InstalledRoute> routes = new ArrayList<>();
    for (InstalledRoute route : vpp.routes()) {
      if (isOverTheWay(route, way)) {
        onwards(route, kernel).ifPresent(routes::add);
      } else {
        routes.add(route);
      }
    }
    return new InstalledLinks(interfaces, routes, true);
  }

  private static boolean isOverTheWay(InstalledRoute route, KernelWay way) {
    return way.hops().stream()
        .map(KernelWay.Hop::kernel)
        .anyMatch(
            hop ->
                route.gateway().filter(hop::equals).isPresent()
                    || route.destination().equals(hop.toPrefix()));
  }

  private static Optional<InstalledRoute> onwards(InstalledRoute route, InstalledLinks kernel) {
    IpAddress first = route.destination().address();
    return kernel.routes().stream()
        .filter(one -> one.destination().contains(first))
        .filter(one -> one.destination().length() <= route.destination().length())
        .max(
            Comparator.comparingInt((InstalledRoute one) -> one.destination().length())
                .thenComparing(Comparator.comparingInt(InstalledRoute::metric).reversed()))
        .filter(one -> !one.interfaceName().equals(Uplink.DEVICE) && !one.refuses())
        .map(one -> new InstalledRoute(route.destination(), one.gateway(), one.interfaceName(), 0));
  }
}
