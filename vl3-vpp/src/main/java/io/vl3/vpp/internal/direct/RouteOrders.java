package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiStruct;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.direct.Image.Table;
import io.vl3.vpp.internal.direct.Image.Way;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What VPP has to do so that tables and routes are as they are wanted. Several ways may lead to one
 * destination, so that what takes a route over has it before who had it loses it.
 */
final class RouteOrders {

  private static final List<String> TABLE = List.of("ip_table_add_del_v2", "ip_table_add_del");
  private static final int DROP = 2;
  private static final long NO_FACE = 0xffffffffL;

  private final Orders orders;
  private final Image image;

  RouteOrders(Orders orders, Image image) {
    this.orders = orders;
    this.image = image;
  }

  void putTable(Item item) {
    VrfTable wanted = (VrfTable) item.message();
    Table table = table(wanted);
    if (!image.tables().containsKey(table)) {
      image.add(table, wanted.getLabel());
      orders.add(
          item.key(),
          tableMessage(table, wanted.getLabel(), true),
          Set.of(),
          () -> image.remove(table));
    }
  }

  /** Deletes a table, unless routes are left in it, which nobody could see any more without it. */
  void deleteTable(Item item) {
    Table table = table((VrfTable) item.message());
    String label = image.tables().get(table);
    if (label != null && image.hasWaysIn(table)) {
      orders.refuse(
          item.key(),
          "table %d: kept (expected: without routes; some are left in it)".formatted(table.id()));
    } else if (label != null) {
      image.remove(table);
      orders.add(
          item.key(), tableMessage(table, label, false), Set.of(), () -> image.add(table, label));
    }
  }

  void put(Item item) {
    Route wanted = (Route) item.message();
    Optional<Way> way = way(wanted);
    if (way.isEmpty()) {
      orders.refuse(
          item.key(),
          "interface %s: missing (expected: there before its routes)"
              .formatted(wanted.getOutgoingInterface()));
    } else if (!image.ways().contains(way.get())) {
      image.add(way.get());
      orders.add(item.key(), message(way.get(), true), Set.of(), () -> image.remove(way.get()));
    }
  }

  void delete(Item item) {
    way((Route) item.message())
        .filter(image.ways()::contains)
        .ifPresent(
            way -> {
              image.remove(way);
              orders.add(item.key(), message(way, false), Set.of(), () -> image.add(way));
            });
  }

  /** Takes a way out of VPP that no object stands for. */
  void deleteLeft(Way way) {
    image.remove(way);
    orders.addQuietly(message(way, false), () -> image.add(way));
  }

  private Optional<Way> way(Route route) {
    IpPrefix destination = IpPrefix.parseLenient(route.getDstNetwork());
    boolean drop = route.getType() == Route.RouteType.DROP;
    IpAddress none = new IpAddress(destination.family(), 0, 0);
    IpAddress hop = IpAddress.tryParse(route.getNextHopAddr()).orElse(none);
    Optional<Integer> face =
        drop
            ? Optional.of((int) NO_FACE)
            : image.face(route.getOutgoingInterface()).map(Face::index);
    return face.map(index -> new Way(route.getVrfId(), destination, index, hop, drop));
  }

  private static ApiMessage message(Way way, boolean add) {
    boolean six = way.destination().family() == IpFamily.IPV6;
    ApiStruct path =
        ApiStruct.of("sw_if_index", Integer.toUnsignedLong(way.face()))
            .with("proto", six ? 1 : 0)
            .with("weight", 1)
            .with("type", way.drop() ? DROP : 0)
            .with("nh", ApiStruct.of("address", IpValues.union(way.hop())));
    return ApiMessage.of("ip_route_add_del")
        .with("is_add", add)
        .with("is_multipath", true)
        .with(
            "route",
            ApiStruct.of("table_id", way.table())
                .with("prefix", IpValues.prefix(way.destination()))
                .with("paths", List.of(path)));
  }

  private ApiMessage tableMessage(Table table, String label, boolean add) {
    return ApiMessage.of(orders.newest(TABLE))
        .with("is_add", add)
        .with(
            "table",
            ApiStruct.of("table_id", table.id())
                .with("is_ip6", table.family() == IpFamily.IPV6)
                .with("name", label));
  }

  private static Table table(VrfTable table) {
    return new Table(table.getId(), IpFamily.valueOf(table.getProtocol().name()));
  }
}
