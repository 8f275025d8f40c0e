package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.net.InterfaceAddress;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a dump shows of running objects: defaults filled in, what VPP does not keep left out, and
 * VPP's own routes to connected networks beside those that were asked for.
 */
final class FakeDump {

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
      } else if (item.kind() != ItemKind.VRF_TABLE) {
        seen.add(item);
      }
    }
    return Item.config(seen);
  }

  private static Interface dumped(Interface face) {
    Interface.Builder seen = face.toBuilder().clearRxModes().setPhysAddress("02:fe:00:00:00:01");
    if (face.hasMemif()) {
      MemifLink link = face.getMemif();
      seen.setMemif(
          link.toBuilder()
              .clearSecret()
              .clearRxQueues()
              .clearTxQueues()
              .setRingSize(link.getRingSize() == 0 ? 1024 : link.getRingSize())
              .setBufferSize(link.getBufferSize() == 0 ? 2048 : link.getBufferSize()));
    }
    return seen.build();
  }

  private static Route dumped(Route route) {
    Route.Builder seen = route.toBuilder();
    if (route.getNextHopAddr().isEmpty()) {
      seen.setNextHopAddr(zero(route.getDstNetwork()));
    }
    if (route.getWeight() == 0) {
      seen.setWeight(1);
    }
    return seen.build();
  }

  private static List<Route> connected(Interface face) {
    return face.getIpAddressesList().stream()
        .map(InterfaceAddress::parse)
        .map(
            address ->
                Route.newBuilder()
                    .setVrfId(face.getVrf())
                    .setDstNetwork(address.network().toString())
                    .setNextHopAddr(zero(address.toString()))
                    .setOutgoingInterface(face.getName())
                    .setWeight(1)
                    .build())
        .toList();
  }

  private static String zero(String addressOrPrefix) {
    return addressOrPrefix.contains(":") ? "::" : "0.0.0.0";
  }
}
