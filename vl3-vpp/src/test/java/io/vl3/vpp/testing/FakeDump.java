package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a dump shows of running objects: defaults filled in, what VPP does not keep left out, and
 * VPP's own routes to connected networks beside those that were asked for.
 */
final class FakeDump {

  /** The ring size that a dump shows is the negotiated one: nobody is at the other end. */
  private static final int NOT_CONNECTED = 1;

  private static final int LOOPBACK_MTU = 9000;

  private static final Set<String> NOWHERE = Set.of("", "0.0.0.0", "::");

  private FakeDump() {}

  static ConfigData of(List<Item> running, UnaryOperator<Interface.Builder> shown) {
    List<Item> seen = new ArrayList<>();
    for (Item item : running) {
      if (item.message() instanceof Interface face) {
        seen.add(Item.of(shown.apply(dumped(face).toBuilder()).build()));
        connected(face).forEach(route -> seen.add(Item.of(route)));
      } else if (item.message() instanceof Route route) {
        seen.add(Item.of(dumped(route)));
      } else if (item.message() instanceof Nat44AddressPool pool) {
        seen.add(Item.of(pool.toBuilder().clearName().build()));
      } else if (item.kind() != ItemKind.VRF_TABLE && item.kind() != ItemKind.NAT_GLOBAL) {
        seen.add(item);
      }
    }
    return Item.config(seen);
  }

  private static Interface dumped(Interface face) {
    Interface.Builder seen = face.toBuilder().clearRxModes().setPhysAddress("02:fe:00:00:00:01");
    if (face.getType() == Interface.Type.SOFTWARE_LOOPBACK
        && !face.getName().startsWith("UNTAGGED")) {
      seen.setMtu(LOOPBACK_MTU);
    }
    if (face.hasMemif()) {
      MemifLink link = face.getMemif();
      seen.setMemif(
          link.toBuilder()
              .clearSecret()
              .clearRxQueues()
              .clearTxQueues()
              .setRingSize(NOT_CONNECTED)
              .setBufferSize(link.getBufferSize() == 0 ? 2048 : link.getBufferSize()));
    }
    return seen.build();
  }

  private static Route dumped(Route route) {
    Route.Builder seen = route.toBuilder().setNextHopAddr(nextHop(route));
    if (route.getWeight() == 0) {
      seen.setWeight(1);
    }
    return seen.build();
  }

  /**
   * A host that is reached directly is its own next hop to VPP. Without a next hop the agent tells
   * VPP a path of IPv4, also to an IPv6 host: of its address the last four bytes are shown.
   */
  private static String nextHop(Route route) {
    String told = route.getNextHopAddr();
    InterfaceAddress to = InterfaceAddress.parse(route.getDstNetwork());
    boolean none = NOWHERE.contains(told);
    if (!none || to.length() < to.family().bits()) {
      return told.isEmpty() ? "0.0.0.0" : told;
    }
    return told.isEmpty() ? ipv4(to.address()) : to.address().toString();
  }

  private static String ipv4(IpAddress address) {
    byte[] bytes = address.toBytes();
    return IpAddress.ofBytes(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length)).toString();
  }

  private static List<Route> connected(Interface face) {
    return face.getIpAddressesList().stream()
        .map(InterfaceAddress::parse)
        .map(
            address ->
                Route.newBuilder()
                    .setVrfId(face.getVrf())
                    .setDstNetwork(address.network().toString())
                    .setNextHopAddr(ownHop(address))
                    .setOutgoingInterface(face.getName())
                    .setWeight(1)
                    .build())
        .toList();
  }

  /** The address itself, or nothing of an address whose network is connected. */
  private static String ownHop(InterfaceAddress address) {
    boolean host = address.length() == address.family().bits();
    return host ? address.address().toString() : new IpAddress(address.family(), 0, 0).toString();
  }
}
