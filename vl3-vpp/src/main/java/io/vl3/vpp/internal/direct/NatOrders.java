package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.IpAddress;
import io.vl3.vpp.api.ApiBytes;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.internal.Equivalence;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The orders that bring VPP's address translation to the wanted state. */
final class NatOrders {

  private static final Set<Integer> ENABLED_ALREADY = Set.of(-170);
  private static final Set<Integer> DISABLED_ALREADY = Set.of(-169);
  private static final long NO_FACE = 0xffffffffL;
  private static final int TCP = 6;
  private static final int UDP = 17;

  private final Orders orders;
  private final Image image;
  private final Optional<NatDialect> dialect;

  NatOrders(Orders orders, Image image, Optional<NatDialect> dialect) {
    this.orders = orders;
    this.image = image;
    this.dialect = dialect;
  }

  void put(Item item) {
    if (dialect.isEmpty()) {
      orders.refuse(item.key(), "plugin nat: missing (expected: in VPP)");
      return;
    }
    Optional<Item> has = Optional.ofNullable(image.translation().get(item.key()));
    if (has.isPresent() && Equivalence.difference(item, has.get()).isEmpty()) {
      return;
    }
    has.ifPresent(old -> change(old, false, dialect.get()));
    change(item, true, dialect.get());
  }

  void delete(Item item) {
    Item has = image.translation().get(item.key());
    if (has != null && dialect.isPresent()) {
      change(has, false, dialect.get());
    }
  }

  private void change(Item item, boolean add, NatDialect nat) {
    switch (item.kind()) {
      case NAT_GLOBAL ->
          orders.add(
              item.key(),
              nat.enable(add),
              add ? ENABLED_ALREADY : DISABLED_ALREADY,
              note(item, add));
      case NAT_POOL -> send(item, pool((Nat44AddressPool) item.message(), nat), add);
      case NAT_INTERFACE -> inside(item, (Nat44Interface) item.message(), add, nat);
      case DNAT -> mappings(item, (DNat44) item.message(), add, nat);
      case VRF_TABLE, INTERFACE, ROUTE ->
          throw new IllegalArgumentException("item: %s (expected: of NAT)".formatted(item));
    }
  }

  /** Notes that it is so; answers how to take the note back. */
  private Runnable note(Item item, boolean add) {
    Optional<Item> had = Optional.ofNullable(image.translation().get(item.key()));
    if (add) {
      image.translate(item);
    } else if (item.kind() == ItemKind.NAT_GLOBAL) {
      List.copyOf(image.translation().keySet()).forEach(image::stopTranslating);
    } else {
      image.stopTranslating(item.key());
    }
    return () -> had.ifPresentOrElse(image::translate, () -> image.stopTranslating(item.key()));
  }

  private static ApiMessage pool(Nat44AddressPool pool, NatDialect nat) {
    String last = pool.getLastIp().isEmpty() ? pool.getFirstIp() : pool.getLastIp();
    return nat.question("add_del_address_range")
        .with("first_ip_address", octets(pool.getFirstIp()))
        .with("last_ip_address", octets(last))
        .with("vrf_id", Integer.toUnsignedLong(pool.getVrfId()));
  }

  private void inside(Item item, Nat44Interface part, boolean add, NatDialect nat) {
    Optional<Face> face = image.face(part.getName());
    if (face.isEmpty()) {
      if (add) {
        orders.refuse(item.key(), "interface %s: missing".formatted(part.getName()));
      }
      return;
    }
    send(
        item,
        nat.question("interface_add_del_feature")
            .with("sw_if_index", face.get().index())
            .with("flags", part.getNatInside() ? nat.inside() : nat.outside()),
        add);
  }

  private void mappings(Item item, DNat44 dnat, boolean add, NatDialect nat) {
    for (DNat44.StaticMapping mapping : dnat.getStMappingsList()) {
      DNat44.StaticMapping.LocalIP local = mapping.getLocalIps(0);
      send(
          item,
          nat.mapping()
              .with("local_ip_address", octets(local.getLocalIp()))
              .with("external_ip_address", octets(mapping.getExternalIp()))
              .with("protocol", mapping.getProtocol() == DNat44.Protocol.TCP ? TCP : UDP)
              .with("local_port", local.getLocalPort())
              .with("external_port", mapping.getExternalPort())
              .with("external_sw_if_index", NO_FACE)
              .with("vrf_id", Integer.toUnsignedLong(local.getVrfId()))
              .with("tag", dnat.getLabel()),
          add);
    }
  }

  private void send(Item item, ApiMessage message, boolean add) {
    orders.add(item.key(), message.with("is_add", add), Set.of(), note(item, add));
  }

  private static ApiBytes octets(String address) {
    return IpValues.bytes(IpAddress.parse(address));
  }
}
