package io.vl3.links;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * What a data plane has in truth, whoever put it there: to be compared with what is wanted.
 *
 * @param interfaces without the loopback, sorted by name
 * @param routes of both families, without what the data plane adds for itself
 * @param hostsOnly whether addresses are set without their networks, and a neighbour has a route of
 *     its own; what nobody has is then refused without a route
 */
public record InstalledLinks(
    List<Interface> interfaces, List<InstalledRoute> routes, boolean hostsOnly) {

  /** Those of a data plane that routes an address's network over its interface. */
  public InstalledLinks(List<Interface> interfaces, List<InstalledRoute> routes) {
    this(interfaces, routes, false);
  }

  /** Copies the lists. */
  public InstalledLinks {
    interfaces = List.copyOf(interfaces);
    routes = List.copyOf(routes);
  }

  /**
   * An interface.
   *
   * @param name its name
   * @param up whether it is set up, and the other side too, where that is seen
   * @param mtuBytes its MTU in bytes
   * @param addresses its addresses
   * @param counters packets since it was made
   */
  public record Interface(
      String name, boolean up, int mtuBytes, List<InterfaceAddress> addresses, Counters counters) {

    /** Copies the list. */
    public Interface {
      addresses = List.copyOf(addresses);
    }
  }

  /** Packets, bytes and packets dropped, in and out. */
  public record Counters(
      long packetsIn,
      long bytesIn,
      long droppedIn,
      long packetsOut,
      long bytesOut,
      long droppedOut) {

    /** Nothing has passed. */
    public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0);
  }

  /**
   * A route.
   *
   * @param destination where packets go
   * @param gateway the next hop; empty: the destination is on the link, or is refused
   * @param interfaceName by which they leave; empty text: they are refused
   * @param metric of two routes to one destination the lower one counts
   */
  public record InstalledRoute(
      IpPrefix destination, Optional<IpAddress> gateway, String interfaceName, int metric) {

    /** Whether packets are refused instead of sent. */
    public boolean refuses() {
      return interfaceName.isEmpty();
    }
  }
}
