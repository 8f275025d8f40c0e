package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.InterfaceAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what runs is what was wanted. A dump fills defaults in, orders addresses otherwise, has
 * an all-zero router for none, and keeps neither secrets nor queues nor receive modes.
 */
final class Equivalence {

  private static final int DEFAULT_RING = 1024;

  private Equivalence() {}

  /** The key under which a dump shows an object. */
  static String dumpKey(Item item) {
    if (item.message() instanceof Route route) {
      boolean none =
          route.getNextHopAddr().equals("0.0.0.0") || route.getNextHopAddr().equals("::");
      return none ? Item.of(route.toBuilder().clearNextHopAddr().build()).key() : item.key();
    }
    return item.key();
  }

  /** What differs, in words; empty if nothing that a dump tells does. */
  static Optional<String> difference(Item wanted, Item running) {
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
        .or(() -> difference(wanted.getMemif(), running.getMemif()));
  }

  private static Optional<String> difference(MemifLink wanted, MemifLink running) {
    return differs("memif mode", wanted.getMode(), running.getMode())
        .or(() -> differs("memif master", wanted.getMaster(), running.getMaster()))
        .or(() -> differs("memif id", wanted.getId(), running.getId()))
        .or(() -> differs("memif socket", wanted.getSocketFilename(), running.getSocketFilename()))
        .or(() -> differs("memif ring", ring(wanted), ring(running)));
  }

  private static int ring(MemifLink link) {
    return link.getRingSize() == 0 ? DEFAULT_RING : link.getRingSize();
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
