package io.vl3.linux;

import io.vl3.linux.internal.KernelRoute;
import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.MacAddress;
import io.vl3.linux.internal.RtNetlink;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings one interface to what is wanted of it: first what is missing, later what is too much. */
final class EndProgram {

  private static final int LINK_LOCAL_BITS = 0x3fa; // fe80::/10, the upper ten bits

  private final RtNetlink netlink;
  private final LinkInfo info;
  private final Set<InterfaceAddress> wantedAddresses;
  private final List<KernelRoute> wantedRoutes;
  private final List<IpAddress> neighbours;
  private final boolean fresh;
  private final Transaction transaction;

  /**
   * A program for an interface.
   *
   * @param fresh whether it was just made, so that nothing is there to be asked for or removed
   */
  EndProgram(
      RtNetlink netlink, LinkInfo info, LinkPlan.End end, boolean fresh, Transaction transaction)
      throws LinkException {
    this.netlink = netlink;
    this.info = info;
    this.wantedAddresses = end.addresses();
    this.wantedRoutes = WantedRoutes.of(end.config());
    this.neighbours = end.config().neighbours();
    this.fresh = fresh;
    this.transaction = transaction;
  }

  void setMtu(int mtuBytes) throws IOException {
    if (info.mtuBytes() != mtuBytes) {
      transaction.step(
          "set MTU of " + info.name(),
          () -> netlink.mtu(info, mtuBytes),
          () -> netlink.mtu(info, info.mtuBytes()));
    }
  }

  /** Addresses and the interface itself up; routes come once the other end is up too. */
  void addAddresses() throws IOException {
    Set<InterfaceAddress> missing = new LinkedHashSet<>(wantedAddresses);
    missing.removeAll(addresses());
    for (InterfaceAddress address : missing) {
      transaction.step(
          "add address " + address,
          () -> netlink.addAddress(info, address),
          () -> netlink.removeAddress(info, address));
    }
  }

  void setUp() throws IOException {
    if (!info.up()) {
      transaction.step(
          "set up " + info.name(), () -> netlink.up(info, true), () -> netlink.up(info, false));
    }
  }

  void addRoutes() throws IOException {
    addNetworks();
    List<KernelRoute> before = fresh ? List.of() : netlink.routeTable().over(info);
    List<InterfaceAddress> own = addresses();
    for (KernelRoute route : wantedRoutes) {
      if (!before.contains(route) && !isByOneOf(own, route)) {
        transaction.step(
            "add route " + route,
            () -> netlink.routeTable().add(info, route),
            () -> undo(route, before));
      }
    }
  }

  /**
   * The other end's addresses are where it is, for good: neither end ever asks for the other, and
   * none needs room among the entries that the kernel found by asking.
   */
  void addNeighbours(MacAddress other) throws IOException {
    for (IpAddress neighbour : neighbours) {
      Optional<MacAddress> before =
          fresh ? Optional.empty() : netlink.neighbours().find(info, neighbour);
      if (!before.equals(Optional.of(other))) {
        transaction.step(
            "add neighbour " + neighbour,
            () -> netlink.neighbours().add(info, neighbour, other),
            () -> putBack(neighbour, before));
      }
    }
  }

  private void putBack(IpAddress neighbour, Optional<MacAddress> before) throws IOException {
    if (before.isPresent()) {
      netlink.neighbours().add(info, neighbour, before.get());
    } else {
      netlink.neighbours().remove(info, neighbour);
    }
  }

  /** Somebody may have taken away what came with an address, which the address does not show. */
  private void addNetworks() throws IOException {
    List<InterfaceAddress> withNetwork =
        wantedAddresses.stream().filter(a -> a.length() < a.family().bits()).toList();
    if (fresh || withNetwork.isEmpty()) {
      return;
    }
    List<IpPrefix> there = netlink.routeTable().networks(info);
    for (InterfaceAddress address : withNetwork) {
      if (!there.contains(address.network())) {
        transaction.step(
            "add network of " + address, () -> netlink.routeTable().addNetwork(info, address));
      }
    }
  }

  /** Removes what is too much; returns the addresses that went. */
  List<IpAddress> removeSurplus() throws IOException {
    if (fresh) {
      return List.of();
    }
    for (KernelRoute route : netlink.routeTable().over(info)) {
      if (!wantedRoutes.contains(route) && !replaced(route)) {
        transaction.step(
            "remove route " + route,
            () -> netlink.routeTable().remove(info, route),
            () -> netlink.routeTable().add(info, route));
      }
    }
    List<InterfaceAddress> removed = removeAddresses();
    if (!removed.isEmpty()) {
      // The kernel removes with an address its secondary ones and the routes that it carried.
      addAddresses();
      addRoutes();
    }
    return removed.stream().map(InterfaceAddress::address).toList();
  }

  /** Addresses that the other end has no more are nowhere, unless they are wanted. */
  void removeNeighbours(List<IpAddress> gone) throws IOException {
    for (IpAddress address : gone) {
      Optional<MacAddress> before = netlink.neighbours().find(info, address);
      if (before.isPresent() && !neighbours.contains(address)) {
        transaction.step(
            "remove neighbour " + address,
            () -> netlink.neighbours().remove(info, address),
            () -> putBack(address, before));
      }
    }
  }

  private List<InterfaceAddress> addresses() throws IOException {
    return fresh ? List.of() : netlink.addresses(info);
  }

  /** Whether the router is an address of ours, to be removed yet: its route is added after that. */
  private static boolean isByOneOf(List<InterfaceAddress> own, KernelRoute route) {
    return own.stream().map(InterfaceAddress::address).anyMatch(a -> isBy(route, a));
  }

  private static boolean isBy(KernelRoute route, IpAddress address) {
    return route.gateway().filter(address::equals).isPresent();
  }

  private List<InterfaceAddress> removeAddresses() throws IOException {
    List<InterfaceAddress> surplus = new ArrayList<>(netlink.addresses(info));
    surplus.removeIf(address -> wantedAddresses.contains(address) || linkLocal(address));
    for (InterfaceAddress address : surplus) {
      transaction.step(
          "remove address " + address,
          () -> netlink.removeAddress(info, address),
          () -> netlink.addAddress(info, address));
    }
    return surplus;
  }

  private void undo(KernelRoute added, List<KernelRoute> before) throws IOException {
    netlink.routeTable().remove(info, added);
    for (KernelRoute route : before) {
      if (route.destination().equals(added.destination())) {
        netlink.routeTable().add(info, route);
      }
    }
  }

  /** Adding an IPv6 route already replaced the one to the same destination. */
  private boolean replaced(KernelRoute route) {
    return route.destination().family() == IpFamily.IPV6
        && wantedRoutes.stream().anyMatch(w -> w.destination().equals(route.destination()));
  }

  private static boolean linkLocal(InterfaceAddress address) {
    return address.family() == IpFamily.IPV6 && address.address().high() >>> 54 == LINK_LOCAL_BITS;
  }
}
