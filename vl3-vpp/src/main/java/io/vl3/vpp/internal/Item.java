package io.vl3.vpp.internal;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One object of the agent's configuration.
 *
 * @param kind its kind
 * @param key the agent's key
 * @param name its name for people: an interface's name, a route's destination and interface
 * @param message the object
 */
public record Item(ItemKind kind, String key, String name, Message message) {

  /** An interface. */
  public static Item of(Interface face) {
    return named(ItemKind.INTERFACE, face.getName(), face);
  }

  /** The key of the interface of a name. */
  public static String interfaceKey(String name) {
    return ItemKind.INTERFACE.prefix() + name;
  }

  /** The key of a routing table. */
  public static String tableKey(int vrf, IpFamily family) {
    return ItemKind.VRF_TABLE.prefix() + "id/%d/protocol/%s".formatted(vrf, family.name());
  }

  /** A route. */
  public static Item of(Route route) {
    String out = route.getOutgoingInterface();
    String hop = route.getNextHopAddr();
    String key =
        (out.isEmpty() ? "" : "if/" + out + "/")
            + "vrf/"
            + route.getVrfId()
            + "/dst/"
            + network(route.getDstNetwork())
            + (hop.isEmpty() ? "" : "/gw/" + hop);
    String name =
        route.getDstNetwork()
            + (hop.isEmpty() ? "" : " via " + hop)
            + (out.isEmpty() ? "" : " over " + out);
    return new Item(ItemKind.ROUTE, ItemKind.ROUTE.prefix() + key, name, route);
  }

  /** A routing table. */
  public static Item of(VrfTable table) {
    return named(
        ItemKind.VRF_TABLE,
        "id/%d/protocol/%s".formatted(table.getId(), table.getProtocol()),
        table);
  }

  /** The one NAT44 configuration. */
  public static Item of(Nat44Global global) {
    return new Item(ItemKind.NAT_GLOBAL, ItemKind.NAT_GLOBAL.prefix(), "nat44", global);
  }

  /** An address pool of NAT44. */
  public static Item of(Nat44AddressPool pool) {
    String range =
        pool.getLastIp().isEmpty() || pool.getLastIp().equals(pool.getFirstIp())
            ? pool.getFirstIp()
            : pool.getFirstIp() + "-" + pool.getLastIp();
    String name =
        pool.getName().isEmpty()
            ? "vrf/%d/address/%s".formatted(pool.getVrfId(), range)
            : pool.getName();
    return named(ItemKind.NAT_POOL, name, pool);
  }

  /** An interface's part in NAT44. */
  public static Item of(Nat44Interface face) {
    return named(ItemKind.NAT_INTERFACE, face.getName(), face);
  }

  /** Static mappings of NAT44. */
  public static Item of(DNat44 dnat) {
    return named(ItemKind.DNAT, dnat.getLabel(), dnat);
  }

  /** The objects of our kinds in a configuration, in the order of their dependencies. */
  public static List<Item> all(ConfigData config) {
    List<Item> items = new ArrayList<>();
    for (ItemKind kind : ItemKind.values()) {
      kind.list(config).forEach(message -> items.add(ofMessage(message)));
    }
    return items;
  }

  /** The configuration that consists of the items. */
  public static ConfigData config(Collection<Item> items) {
    ConfigData.Builder config = ConfigData.newBuilder();
    items.forEach(item -> ItemKind.add(item.message, config));
    return config.build();
  }

  /** The interface whose object this is: itself, the way out, the inside; empty if of none. */
  public String interfaceName() {
    if (message instanceof Interface face) {
      return face.getName();
    }
    if (message instanceof Route route) {
      return route.getOutgoingInterface();
    }
    return message instanceof Nat44Interface face ? face.getName() : "";
  }

  /** The label of a routing table; empty for anything else. */
  public Optional<String> label() {
    return message instanceof VrfTable table ? Optional.of(table.getLabel()) : Optional.empty();
  }

  /** The socket of a memif; empty for anything else. */
  public Optional<String> socket() {
    return message instanceof Interface face && face.hasMemif()
        ? Optional.of(face.getMemif().getSocketFilename())
        : Optional.empty();
  }

  /**
   * The belongings that only one link should have: a socket, an address of its interface, a
   * neighbour. A wanted link takes them from one that nobody wants.
   */
  List<String> belongings() {
    List<String> all = new ArrayList<>();
    if (message instanceof Interface face && face.hasMemif()) {
      all.add("socket " + face.getMemif().getSocketFilename());
      face.getIpAddressesList()
          .forEach(address -> all.add("address %s vrf %d".formatted(address, face.getVrf())));
    } else if (message instanceof Route route && isToNeighbour(route)) {
      all.add("neighbour %s vrf %d".formatted(route.getDstNetwork(), route.getVrfId()));
    }
    return all;
  }

  /** A host that is reached directly; routes of earlier versions have no next hop for it. */
  private static boolean isToNeighbour(Route route) {
    String hop = route.getNextHopAddr();
    return hop.isEmpty() || route.getDstNetwork().startsWith(hop + "/");
  }

  /** Kind and content in one line. */
  public String text() {
    return kind.word() + " " + TextFormat.printer().emittingSingleLine(true).printToString(message);
  }

  @Override
  public String toString() {
    return kind.word() + " " + name;
  }

  /** The agent keys a route by the network that its destination lies in. */
  private static String network(String destination) {
    return InterfaceAddress.tryParse(destination)
        .map(address -> address.network().toString())
        .orElse(destination);
  }

  private static Item named(ItemKind kind, String name, Message message) {
    return new Item(kind, kind.prefix() + name, name, message);
  }

  private static Item ofMessage(Message message) {
    if (message instanceof VrfTable table) {
      return of(table);
    } else if (message instanceof Interface face) {
      return of(face);
    } else if (message instanceof Route route) {
      return of(route);
    } else if (message instanceof Nat44Global global) {
      return of(global);
    } else if (message instanceof Nat44AddressPool pool) {
      return of(pool);
    } else if (message instanceof Nat44Interface face) {
      return of(face);
    }
    return of((DNat44) message);
  }
}
