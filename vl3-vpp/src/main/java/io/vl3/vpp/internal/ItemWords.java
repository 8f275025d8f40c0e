package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/** The name and the configuration of an object, in words for people. */
public final class ItemWords {

  private static final Set<String> NOWHERE = Set.of("", "0.0.0.0", "::");

  private ItemWords() {}

  /** The name; of a route its destination, because its next hop is among its words. */
  public static String name(Item item) {
    return item.message() instanceof Route route ? route.getDstNetwork() : item.name();
  }

  /** The words. */
  public static String of(Item item) {
    if (item.message() instanceof Interface face) {
      return words(face);
    } else if (item.message() instanceof Route route) {
      return words(route);
    } else if (item.message() instanceof VrfTable table) {
      return "%s %d %s".formatted(lower(table.getProtocol()), table.getId(), table.getLabel());
    } else if (item.message() instanceof Nat44Global global) {
      return global.getForwarding() ? "forwarding" : "on";
    } else if (item.message() instanceof Nat44AddressPool pool) {
      return range(pool);
    } else if (item.message() instanceof Nat44Interface face) {
      return face.getNatInside() ? "inside" : "outside";
    }
    return words((DNat44) item.message());
  }

  private static String words(Interface face) {
    StringJoiner words = new StringJoiner(" ");
    words.add(face.hasMemif() ? words(face.getMemif()) : lower(face.getType()));
    words.add(face.getEnabled() ? "up" : "down");
    number(words, "mtu", face.getMtu());
    if (face.hasUnnumbered()) {
      words.add("unnumbered of " + face.getUnnumbered().getInterfaceWithIp());
    } else {
      number(words, "vrf", face.getVrf());
    }
    face.getIpAddressesList().stream().sorted().forEach(words::add);
    return words.toString();
  }

  private static String words(MemifLink link) {
    StringJoiner words = new StringJoiner(" ");
    words.add("memif").add(link.getMaster() ? "master" : "slave").add(lower(link.getMode()));
    words.add(link.getSocketFilename());
    number(words, "id", link.getId());
    return words.toString();
  }

  private static String words(Route route) {
    StringJoiner words = new StringJoiner(" ");
    if (route.getType() == Route.RouteType.DROP) {
      words.add("drop");
    }
    String hop = route.getNextHopAddr();
    boolean direct = NOWHERE.contains(hop) || route.getDstNetwork().startsWith(hop + "/");
    if (!direct) {
      words.add("via " + hop);
    }
    if (!route.getOutgoingInterface().isEmpty()) {
      words.add("over " + route.getOutgoingInterface());
    }
    number(words, "vrf", route.getVrfId());
    return words.toString();
  }

  private static String words(DNat44 dnat) {
    StringJoiner words = new StringJoiner(", ");
    for (DNat44.StaticMapping mapping : dnat.getStMappingsList()) {
      StringJoiner locals = new StringJoiner(" ");
      mapping
          .getLocalIpsList()
          .forEach(local -> locals.add(local.getLocalIp() + ":" + local.getLocalPort()));
      words.add(
          "%s %s:%d to %s"
              .formatted(
                  lower(mapping.getProtocol()),
                  mapping.getExternalIp(),
                  mapping.getExternalPort(),
                  locals));
    }
    return words.toString();
  }

  private static String range(Nat44AddressPool pool) {
    boolean one = pool.getLastIp().isEmpty() || pool.getLastIp().equals(pool.getFirstIp());
    return one ? pool.getFirstIp() : pool.getFirstIp() + "-" + pool.getLastIp();
  }

  private static void number(StringJoiner words, String name, int value) {
    if (value != 0) {
      words.add(name + " " + value);
    }
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
