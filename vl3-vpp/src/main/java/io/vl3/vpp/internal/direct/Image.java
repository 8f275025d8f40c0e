package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.internal.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** VPP's state as it was read, kept up with the orders sent since. Not thread-safe. */
final class Image {

  /**
   * A way that a route leads, of those that somebody put into VPP's FIB by its API.
   *
   * @param face the number of the interface, which need not exist any more
   * @param hop the next hop; all zero for none
   * @param drop whether it leads nowhere
   */
  record Way(int table, IpPrefix destination, int face, IpAddress hop, boolean drop) {}

  /** A routing table. */
  record Table(int id, IpFamily family) {}

  private final Map<Integer, Face> faces = new LinkedHashMap<>();
  private final Map<String, Face> byName = new HashMap<>();
  private final SocketFiles sockets = new SocketFiles();
  private final Map<Integer, Set<Face>> borrowers = new HashMap<>();
  private final Map<Table, String> tables = new LinkedHashMap<>();
  private final Map<String, Item> translation = new LinkedHashMap<>();
  private final Set<Way> ways = new LinkedHashSet<>();
  private final Map<Integer, Set<Way>> waysOver = new HashMap<>();

  void add(Face face) {
    faces.put(face.index(), face);
    byName.put(face.name(), face);
    face.memif().ifPresent(memif -> sockets.use(memif.socket()));
  }

  /** The interface has another name from now on. */
  void rename(Face face, String tag) {
    byName.remove(face.name(), face);
    face.tag(tag);
    byName.put(tag, face);
  }

  void remove(Face face) {
    faces.remove(face.index());
    byName.remove(face.name(), face);
    face.memif().ifPresent(memif -> sockets.leave(memif.socket()));
  }

  /** The interface is a memif. */
  void memif(Face face, Face.Memif memif) {
    face.memif(memif);
    sockets.use(memif.socket());
  }

  /** The interface shows the addresses of another, or its own. */
  void lend(Optional<Integer> lender, Face face) {
    face.lender().ifPresent(before -> drop(borrowers, before, face));
    face.lender(lender);
    lender.ifPresent(now -> put(borrowers, now, face));
  }

  /** Who shows the addresses of an interface. */
  List<Face> borrowers(int lender) {
    return List.copyOf(borrowers.getOrDefault(lender, Set.of()));
  }

  Collection<Face> faces() {
    return faces.values();
  }

  Optional<Face> face(int index) {
    return Optional.ofNullable(faces.get(index));
  }

  Optional<Face> face(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Files of memif sockets, by the numbers that VPP knows them by. */
  SocketFiles sockets() {
    return sockets;
  }

  /** Routing tables, with what they were called. */
  Map<Table, String> tables() {
    return tables;
  }

  boolean has(int table, IpFamily family) {
    return table == 0 || tables.containsKey(new Table(table, family));
  }

  /** Parts of the address translation, by key. */
  Map<String, Item> translation() {
    return translation;
  }

  /** Parts of the address translation that are of an interface. */
  List<Item> translation(String faceName) {
    return translation.values().stream()
        .filter(item -> item.interfaceName().equals(faceName))
        .toList();
  }

  void add(Way way) {
    if (ways.add(way) && !way.drop()) {
      put(waysOver, way.face(), way);
    }
  }

  void remove(Way way) {
    ways.remove(way);
    drop(waysOver, way.face(), way);
  }

  /** Where routes lead. */
  Set<Way> ways() {
    return Collections.unmodifiableSet(ways);
  }

  /**
   * Ways over a number. Those over one that no interface had are left from another's: VPP gives the
   * number to the next interface.
   */
  List<Way> waysOver(int index) {
    return List.copyOf(waysOver.getOrDefault(index, Set.of()));
  }

  /** Everything as objects. */
  List<Item> items() {
    List<Item> all = new ArrayList<>();
    tables.forEach((table, label) -> all.add(item(table, label)));
    faces.values().forEach(face -> all.add(face.item(face.lender().map(this::nameOf))));
    for (Way way : ways) {
      if (way.drop() || faces.containsKey(way.face())) {
        all.add(item(way));
      }
    }
    all.addAll(translation.values());
    return all;
  }

  private Item item(Way way) {
    Route.Builder route =
        Route.newBuilder()
            .setVrfId(way.table())
            .setDstNetwork(way.destination().toString())
            .setNextHopAddr(way.hop().toString());
    if (way.drop()) {
      route.setType(Route.RouteType.DROP).clearNextHopAddr();
    } else {
      route.setOutgoingInterface(nameOf(way.face()));
    }
    return Item.of(route.build());
  }

  private static <T> void put(Map<Integer, Set<T>> sets, int number, T one) {
    sets.computeIfAbsent(number, none -> new LinkedHashSet<>()).add(one);
  }

  private static <T> void drop(Map<Integer, Set<T>> sets, int number, T one) {
    Set<T> set = sets.getOrDefault(number, Set.of());
    if (set.contains(one)) {
      set.remove(one);
    }
    if (set.isEmpty()) {
      sets.remove(number);
    }
  }

  private String nameOf(int index) {
    return face(index).map(Face::name).orElse("number " + index);
  }

  private static Item item(Table table, String label) {
    return Item.of(
        VrfTable.newBuilder()
            .setId(table.id())
            .setProtocol(VrfTable.Protocol.valueOf(table.family().name()))
            .setLabel(label)
            .build());
  }
}
