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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * VPP's state as it was read, kept up with the orders sent since. While it is read anew it notes
 * what changes, so that {@link #renewed} takes that from here. Not thread-safe.
 */
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
  private final Map<String, Set<Face>> byName = new HashMap<>();
  private final SocketFiles sockets = new SocketFiles();
  private final Map<Integer, Set<Face>> borrowers = new HashMap<>();
  private final Map<Table, String> tables = new LinkedHashMap<>();
  private final Map<String, Item> translation = new LinkedHashMap<>();
  private final Set<Way> ways = new LinkedHashSet<>();
  private final Map<Integer, Set<Way>> waysOver = new HashMap<>();
  private Optional<Touched> touched = Optional.empty();

  /** Notes from now on what changes, for a read that begins now; an earlier one is of no use. */
  Touched note() {
    Touched fresh = new Touched();
    touched = Optional.of(fresh);
    return fresh;
  }

  /** Whether these are the notes that are taken. */
  boolean notes(Touched notes) {
    return touched.filter(now -> now == notes).isPresent();
  }

  /** What was read, and of what changed since the read began what is here. */
  Image renewed(Image read, Touched since) {
    Image all = new Image();
    all.sockets.take(read.sockets, number -> !since.sockets().contains(number));
    all.sockets.take(sockets, since.sockets()::contains);
    all.takeFaces(read, index -> !since.faces().contains(index));
    all.takeFaces(this, since.faces()::contains);
    take(all.tables, read.tables, table -> !since.tables().contains(table));
    take(all.tables, tables, since.tables()::contains);
    read.ways.stream().filter(way -> !since.ways().contains(way)).forEach(all::add);
    ways.stream().filter(since.ways()::contains).forEach(all::add);
    read.parts(item -> !read.isTouched(item, since)).forEach(all::translate);
    parts(item -> isTouched(item, since)).forEach(all::translate);
    return all;
  }

  /** Whether a read found what is here, but for what changed since the read began. */
  boolean isAs(Image read, Touched since) {
    return sockets.isAs(read.sockets, since.sockets())
        && areFacesAs(read, since.faces())
        && same(tables, read.tables, since.tables())
        && without(since.ways(), ways).equals(without(since.ways(), read.ways))
        && Set.copyOf(parts(item -> !isTouched(item, since)))
            .equals(Set.copyOf(read.parts(item -> !read.isTouched(item, since))));
  }

  /** Whether maps are the same but for some keys. */
  static <K, V> boolean same(Map<K, V> one, Map<K, V> other, Set<K> except) {
    if (except.isEmpty()) {
      return one.equals(other);
    }
    Map<K, V> left = new HashMap<>(one);
    Map<K, V> right = new HashMap<>(other);
    except.forEach(left::remove);
    except.forEach(right::remove);
    return left.equals(right);
  }

  private static <T> Set<T> without(Set<T> some, Set<T> all) {
    if (some.isEmpty()) {
      return all;
    }
    Set<T> left = new HashSet<>(all);
    some.forEach(left::remove);
    return left;
  }

  private boolean areFacesAs(Image read, Set<Integer> touched) {
    Set<Integer> numbers = new HashSet<>(faces.keySet());
    numbers.addAll(read.faces.keySet());
    numbers.removeAll(touched);
    for (Integer number : numbers) {
      Face here = faces.get(number);
      Face there = read.faces.get(number);
      if (here == null || there == null || !here.isAs(there)) {
        return false;
      }
    }
    return true;
  }

  /** A read names a part of an interface by who had its number when it began. */
  private boolean isTouched(Item translated, Touched since) {
    return since.translation().contains(translated.key())
        || face(translated.interfaceName())
            .filter(face -> since.faces().contains(face.index()))
            .isPresent();
  }

  private void takeFaces(Image from, IntPredicate which) {
    for (Face face : from.faces.values()) {
      if (which.test(face.index())) {
        add(face);
        lend(face.lender(), face);
      }
    }
  }

  private static <K, V> void take(Map<K, V> to, Map<K, V> from, Predicate<K> which) {
    from.forEach(
        (key, value) -> {
          if (which.test(key)) {
            to.put(key, value);
          }
        });
  }

  /** Something of the interface is going to be otherwise. */
  void touch(Face face) {
    touched.ifPresent(notes -> notes.faces().add(face.index()));
  }

  void add(Face face) {
    touch(face);
    faces.put(face.index(), face);
    put(byName, face.name(), face);
    face.memif().ifPresent(memif -> sockets.use(memif.socket()));
  }

  /** The interface has another name from now on. */
  void rename(Face face, String tag) {
    touch(face);
    drop(byName, face.name(), face);
    face.tag(tag);
    put(byName, tag, face);
  }

  void remove(Face face) {
    touch(face);
    faces.remove(face.index());
    drop(byName, face.name(), face);
    face.memif().ifPresent(memif -> sockets.leave(memif.socket()));
  }

  /** The interface is a memif. */
  void memif(Face face, Face.Memif memif) {
    touch(face);
    face.memif(memif);
    sockets.use(memif.socket());
  }

  /** The interface shows the addresses of another, or its own. */
  void lend(Optional<Integer> lender, Face face) {
    touch(face);
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
    return byName.getOrDefault(name, Set.of()).stream().findFirst();
  }

  /** All of that name: VPP does not care whether there are several. */
  List<Face> faces(String name) {
    return List.copyOf(byName.getOrDefault(name, Set.of()));
  }

  /** Files of memif sockets, by the numbers that VPP knows them by; to look at. */
  SocketFiles sockets() {
    return sockets;
  }

  /** A socket's number stands for a file. */
  void addSocket(long number, String file) {
    touched.ifPresent(notes -> notes.sockets().add(number));
    sockets.put(number, file);
  }

  /** A socket's number stands for nothing. */
  void removeSocket(long number) {
    touched.ifPresent(notes -> notes.sockets().add(number));
    sockets.remove(number);
  }

  /** Routing tables, with what they were called. */
  Map<Table, String> tables() {
    return Collections.unmodifiableMap(tables);
  }

  void add(Table table, String label) {
    touched.ifPresent(notes -> notes.tables().add(table));
    tables.put(table, label);
  }

  void remove(Table table) {
    touched.ifPresent(notes -> notes.tables().add(table));
    tables.remove(table);
  }

  boolean has(int table, IpFamily family) {
    return table == 0 || tables.containsKey(new Table(table, family));
  }

  /** Parts of the address translation, by key. */
  Map<String, Item> translation() {
    return Collections.unmodifiableMap(translation);
  }

  /** A part of the address translation is there. */
  void translate(Item item) {
    touched.ifPresent(notes -> notes.translation().add(item.key()));
    translation.put(item.key(), item);
  }

  /** A part of the address translation is not there. */
  void stopTranslating(String key) {
    touched.ifPresent(notes -> notes.translation().add(key));
    translation.remove(key);
  }

  /** Parts of the address translation that are of an interface. */
  List<Item> translation(String faceName) {
    return parts(item -> item.interfaceName().equals(faceName));
  }

  private List<Item> parts(Predicate<Item> which) {
    return translation.values().stream().filter(which).toList();
  }

  void add(Way way) {
    touched.ifPresent(notes -> notes.ways().add(way));
    if (ways.add(way) && !way.drop()) {
      put(waysOver, way.face(), way);
    }
  }

  void remove(Way way) {
    touched.ifPresent(notes -> notes.ways().add(way));
    ways.remove(way);
    drop(waysOver, way.face(), way);
  }

  /** Where routes lead. */
  Set<Way> ways() {
    return Collections.unmodifiableSet(ways);
  }

  /** Whether routes are in a table, whoever put them there. */
  boolean hasWaysIn(Table table) {
    return ways.stream()
        .anyMatch(way -> way.table() == table.id() && way.destination().family() == table.family());
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

  private static <K, T> void put(Map<K, Set<T>> sets, K key, T one) {
    sets.computeIfAbsent(key, none -> new LinkedHashSet<>()).add(one);
  }

  private static <K, T> void drop(Map<K, Set<T>> sets, K key, T one) {
    Set<T> set = sets.getOrDefault(key, Set.of());
    if (set.contains(one)) {
      set.remove(one);
    }
    if (set.isEmpty()) {
      sets.remove(key);
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
