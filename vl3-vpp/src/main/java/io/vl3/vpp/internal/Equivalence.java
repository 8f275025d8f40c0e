package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a running object is the wanted one. Only fields that a dump shows as they were sent are
 * compared: a dump fills defaults in, orders addresses otherwise, has the negotiated size of a
 * memif's ring (1 until the other end is there), and shows neither secrets nor queues nor receive
 * modes.
 */
public final class Equivalence {

  private static final Set<String> NOWHERE = Set.of("", "0.0.0.0", "::");

  private Equivalence() {}

  /** The key under which a dump shows an object. */
  public static String dumpKey(Item item) {
    return item.message() instanceof Route route && route.getType() != Route.RouteType.DROP
        ? Item.of(plain(route)).key()
        : item.key();
  }

  /**
   * The route without a next hop that says nothing. VPP shows an all-zero one for none, and a host
   * that is reached directly as its own next hop. Of an IPv6 route that was sent without a next hop
   * the agent shows an IPv4 address.
   */
  private static Route plain(Route route) {
    IpAddress hop = IpAddress.tryParse(route.getNextHopAddr()).orElse(null);
    IpPrefix to = IpPrefix.tryParse(route.getDstNetwork()).orElse(null);
    boolean none =
        NOWHERE.contains(route.getNextHopAddr())
            || (hop != null
                && to != null
                && (hop.toPrefix().equals(to) || hop.family() != to.family()));
    return none ? route.toBuilder().clearNextHopAddr().build() : route;
  }

  /** The difference, in words; empty if there is none in what a dump shows. */
  public static Optional<String> difference(Item wanted, Item running) {
    if (wanted.message() instanceof Interface w && running.message() instanceof Interface r) {
      return difference(w, r);
    } else if (wanted.message() instanceof Route w && running.message() instanceof Route r) {
      return differs("type", w.getType(), r.getType());
    } else if (wanted.message() instanceof Nat44Interface w
        && running.message() instanceof Nat44Interface r) {
      return differs("inside", w.getNatInside(), r.getNatInside());
    } else if (wanted.message() instanceof DNat44 w && running.message() instanceof DNat44 r) {
      return differs("mappings", mappings(w), mappings(r));
    }
    return Optional.empty();
  }

  private static Optional<String> difference(Interface wanted, Interface running) {
    boolean lent = wanted.hasUnnumbered();
    boolean mtuTold = wanted.getMtu() != 0 && running.getMtu() != 0;
    return differs("type", wanted.getType(), running.getType())
        .or(() -> differs("enabled", wanted.getEnabled(), running.getEnabled()))
        .or(() -> differs("addresses", addresses(wanted), addresses(running)))
        .or(
            () ->
                differs(
                    "unnumbered",
                    wanted.getUnnumbered().getInterfaceWithIp(),
                    running.getUnnumbered().getInterfaceWithIp()))
        .or(() -> lent ? Optional.empty() : differs("vrf", wanted.getVrf(), running.getVrf()))
        .or(() -> mtuTold ? differs("mtu", wanted.getMtu(), running.getMtu()) : Optional.empty())
        .or(() -> difference(wanted.getMemif(), running.getMemif()))
        .or(
            () ->
                differs(
                    "host interface",
                    wanted.getAfpacket().getHostIfName(),
                    running.getAfpacket().getHostIfName()));
  }

  private static Optional<String> difference(MemifLink wanted, MemifLink running) {
    return differs("memif mode", wanted.getMode(), running.getMode())
        .or(() -> differs("memif master", wanted.getMaster(), running.getMaster()))
        .or(() -> differs("memif id", wanted.getId(), running.getId()))
        .or(() -> differs("memif socket", wanted.getSocketFilename(), running.getSocketFilename()));
  }

  private static Set<Object> addresses(Interface face) {
    Set<Object> addresses = new HashSet<>();
    for (String text : face.getIpAddressesList()) {
      addresses.add(InterfaceAddress.tryParse(text).<Object>map(a -> a).orElse(text));
    }
    return addresses;
  }

  private static List<String> mappings(DNat44 dnat) {
    return dnat.getStMappingsList().stream()
        .map(
            m ->
                "%s %s:%d %s"
                    .formatted(
                        m.getProtocol(),
                        m.getExternalIp(),
                        m.getExternalPort(),
                        m.getLocalIpsList().stream()
                            .map(local -> local.getLocalIp() + ":" + local.getLocalPort())
                            .toList()))
        .sorted()
        .toList();
  }

  private static Optional<String> differs(String what, Object wanted, Object running) {
    return Objects.equals(wanted, running)
        ? Optional.empty()
        : Optional.of("%s: %s (expected: %s)".formatted(what, running, wanted));
  }
}
