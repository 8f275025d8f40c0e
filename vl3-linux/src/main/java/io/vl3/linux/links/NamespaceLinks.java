package io.vl3.linux.links;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.Counters;
import io.vl3.links.InstalledLinks.InstalledRoute;
import io.vl3.links.InstalledLinks.Interface;
import io.vl3.linux.Netns;
import io.vl3.linux.internal.LinkTraffic;
import io.vl3.linux.internal.RtNetlink;
import io.vl3.linux.internal.TableRoute;
import io.vl3.net.InterfaceAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Interfaces, counters and routes of a network namespace, as the kernel has them. */
public final class NamespaceLinks {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private NamespaceLinks() {}

  /**
   * Looks at a namespace. Blocks briefly.
   *
   * @throws EndpointException UNAVAILABLE if it is gone, or cannot be entered
   */
  public static InstalledLinks of(Netns netns) throws EndpointException {
    Callable<InstalledLinks> looking = NamespaceLinks::here;
    try {
      return netns.call(looking);
    } catch (RuntimeException bug) {
      throw bug;
    } catch (Exception failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "namespace %s: not looked at: %s".formatted(netns.path(), failure.getMessage()),
          failure);
    }
  }

  private static InstalledLinks here() throws IOException {
    try (RtNetlink netlink = RtNetlink.open(TIMEOUT)) {
      Map<Integer, List<InterfaceAddress>> addresses = netlink.addresses();
      List<LinkTraffic> links =
          netlink.traffic().stream().filter(traffic -> !traffic.link().loopback()).toList();
      Map<Integer, String> names = new HashMap<>();
      links.forEach(each -> names.put(each.link().index(), each.link().name()));
      return new InstalledLinks(
          links.stream()
              .map(each -> shown(each, addresses.getOrDefault(each.link().index(), List.of())))
              .sorted(Comparator.comparing(Interface::name))
              .toList(),
          netlink.routeTable().all().stream()
              .filter(route -> route.index() == 0 || names.containsKey(route.index()))
              .map(route -> shown(route, names))
              .toList());
    }
  }

  private static Interface shown(LinkTraffic traffic, List<InterfaceAddress> addresses) {
    return new Interface(
        traffic.link().name(),
        traffic.link().up() && traffic.carrier(),
        traffic.link().mtuBytes(),
        addresses,
        new Counters(
            traffic.packetsIn(),
            traffic.bytesIn(),
            traffic.droppedIn(),
            traffic.packetsOut(),
            traffic.bytesOut(),
            traffic.droppedOut()));
  }

  private static InstalledRoute shown(TableRoute route, Map<Integer, String> names) {
    return new InstalledRoute(
        route.destination(),
        route.gateway(),
        names.getOrDefault(route.index(), ""),
        route.metric());
  }
}
