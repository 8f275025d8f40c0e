package io.vl3.admin;

import io.vl3.api.admin.v1.Route;
import io.vl3.connection.Connection;
import io.vl3.connection.IpContext;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.InstalledRoute;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.status.ConnectionStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes of one namespace: what its connections ask for beside what is there. A destination by
 * an interface is one route; its next hop is what is there, else what is asked for.
 */
final class RouteRecords {

  /** The kernel's own, of every interface with an IPv6 address. */
  private static final List<IpPrefix> KERNEL_OWN =
      List.of(IpPrefix.parse("fe80::/10"), IpPrefix.parse("ff00::/8"));

  private final String component;
  private final boolean hostsOnly;
  private final Map<Key, Route.Builder> routes = new LinkedHashMap<>();

  private RouteRecords(String component, boolean hostsOnly) {
    this.component = component;
    this.hostsOnly = hostsOnly;
  }

  private record Key(String destination, String interfaceName) {}

  /** Those of an NSE. */
  static List<Route> ofNse(
      String nse,
      List<ConnectionStatus> connections,
      List<IpPrefix> own,
      Optional<InstalledLinks> installed) {
    boolean hostsOnly = installed.filter(InstalledLinks::hostsOnly).isPresent();
    RouteRecords records = new RouteRecords(nse, hostsOnly);
    for (ConnectionStatus each : connections) {
      Connection connection = each.connection();
      boolean client = each.isDialled();
      records.want(side(connection.ip(), client), each.interfaceName(), each.other());
    }
    if (installed.isPresent() && !hostsOnly) {
      own.forEach(prefix -> records.want(prefix, "", Optional.empty(), ""));
    }
    return records.beside(installed);
  }

  /** Those of a workload. */
  static List<Route> ofWorkload(
      String workload,
      Optional<Connection> connection,
      String interfaceName,
      Optional<InstalledLinks> there) {
    RouteRecords records = new RouteRecords(workload, false);
    connection.ifPresent(
        made -> records.want(side(made.ip(), true), interfaceName, made.endpointName()));
    return records.beside(there);
  }

  /** One side of a link. */
  private record Side(
      List<InterfaceAddress> own,
      List<InterfaceAddress> other,
      List<io.vl3.connection.Route> routes) {}

  private static Side side(IpContext ip, boolean client) {
    return client
        ? new Side(ip.clientAddresses(), ip.endpointAddresses(), ip.clientRoutes())
        : new Side(ip.endpointAddresses(), ip.clientAddresses(), ip.endpointRoutes());
  }

  /**
   * As the programmers make them: networks of the own addresses, unless only hosts are routed;
   * neighbours, routes.
   */
  private void want(Side side, String interfaceName, String to) {
    List<IpPrefix> networks = new ArrayList<>();
    for (InterfaceAddress address : side.own()) {
      if (!hostsOnly && address.length() < address.family().bits()) {
        networks.add(address.network());
        want(address.network(), interfaceName, Optional.empty(), to);
      }
    }
    for (InterfaceAddress neighbour : side.other()) {
      IpPrefix host = neighbour.address().toPrefix();
      if (networks.stream().noneMatch(network -> network.contains(host))) {
        want(host, interfaceName, Optional.empty(), to);
      }
    }
    side.routes().stream()
        .filter(route -> !networks.contains(route.destination()))
        .forEach(route -> want(route.destination(), interfaceName, route.nextHop(), to));
  }

  private void want(
      IpPrefix destination, String interfaceName, Optional<IpAddress> gateway, String to) {
    InstalledRoute route = new InstalledRoute(destination, gateway, interfaceName, 0);
    routes.putIfAbsent(
        new Key(destination.toString(), interfaceName),
        record(route).setState("unknown").setTo(to));
  }

  private Route.Builder record(InstalledRoute route) {
    return Route.newBuilder()
        .setComponent(component)
        .setDestination(route.destination().toString())
        .setInterface(route.interfaceName())
        .setGateway(route.gateway().map(IpAddress::toString).orElse(""));
  }

  private List<Route> beside(Optional<InstalledLinks> installed) {
    installed.ifPresent(this::compare);
    return routes.values().stream().map(Route.Builder::build).toList();
  }

  private void compare(InstalledLinks installed) {
    routes.values().forEach(route -> route.setState("missing"));
    installed.routes().stream()
        .filter(route -> KERNEL_OWN.stream().noneMatch(own -> own.contains(route.destination())))
        .forEach(this::found);
  }

  private void found(InstalledRoute there) {
    Key key = new Key(there.destination().toString(), there.interfaceName());
    Route.Builder route = routes.get(key);
    if (route == null) {
      routes.put(key, record(there).setState("unwanted").setMetric(there.metric()));
    } else if (route.getState().equals("missing")) {
      route
          .setState("installed")
          .setMetric(there.metric())
          .setGateway(there.gateway().map(IpAddress::toString).orElse(""));
    }
  }
}
