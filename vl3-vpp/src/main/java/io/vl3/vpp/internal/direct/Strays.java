package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.Item;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What our own orders may have left in VPP when an answer was lost: interfaces without their names,
 * names of sockets without interfaces, routes over interfaces that are gone, a translation with
 * nothing in it. Not thread-safe.
 */
final class Strays {

  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

  private static final Item GLOBAL = Item.of(Nat44Global.getDefaultInstance());

  private final String subject;
  private final LinkStates links;
  private final Map<String, Set<Item>> unnamed = new LinkedHashMap<>();
  private final Set<String> sockets = new HashSet<>();
  private final Set<Integer> gone = new HashSet<>();
  private boolean translates;

  /**
   * None yet.
   *
   * @param subject VPP's address, for messages
   * @param links where interfaces are forgotten that go
   */
  Strays(String subject, LinkStates links) {
    this.subject = subject;
    this.links = links;
  }

  /** Objects are going to be put. */
  void beforeUpdate(Collection<Item> items, Image has) {
    boolean global = items.stream().anyMatch(item -> item.key().equals(GLOBAL.key()));
    translates |= global && !has.translation().containsKey(GLOBAL.key());
  }

  /** Whether there may be some in a state that is known. */
  boolean mayBe(Image image) {
    return !unnamed.isEmpty()
        || (translates && image.translation().size() == 1)
        || gone.stream().anyMatch(index -> !image.waysOver(index).isEmpty())
        || sockets.stream().anyMatch(file -> !image.sockets().isUsed(file));
  }

  /** An interface is going to be made. */
  void beforeCreate(Item item) {
    unnamed.computeIfAbsent(item.name(), none -> new LinkedHashSet<>()).add(item);
    item.socket().ifPresent(sockets::add);
  }

  /** An interface is going to be deleted. */
  void beforeDelete(Face face) {
    links.remove(face);
    gone.add(face.index());
  }

  /** VPP knows the interface by its name. */
  void named(Face face) {
    unnamed.computeIfPresent(
        face.name(),
        (same, items) -> {
          items.removeIf(item -> is(face, item));
          return items.isEmpty() ? null : items;
        });
  }

  /** Deletes an interface with all that hangs on it. */
  void delete(Item item, Face face, Image has, Orders orders, Optional<NatDialect> nat) {
    RouteOrders routes = new RouteOrders(orders, has);
    NatOrders translation = new NatOrders(orders, has, nat);
    has.waysOver(face.index()).forEach(routes::deleteLeft);
    has.translation(face.name()).forEach(translation::delete);
    beforeDelete(face);
    new FaceOrders(orders, has, List.of()).delete(item.key(), face);
  }

  /**
   * Interfaces of ours that were left without their names get them, or go if another has the name.
   */
  void name(VppApi api, Image seen, Optional<NatDialect> nat) throws ApiException {
    Orders orders = new Orders(api);
    FaceOrders faces = new FaceOrders(orders, seen, List.of());
    for (Face face : List.copyOf(seen.faces())) {
      Optional<Item> ours = face.isTagged() ? Optional.empty() : unnamed(face);
      if (ours.isPresent() && seen.face(ours.get().name()).isEmpty()) {
        LOG.info("{}: interface {} gets its name, {}", subject, face, ours.get().name());
        seen.rename(face, ours.get().name());
        faces.name(ours.get().key(), face);
      } else if (ours.isPresent()) {
        LOG.info("{}: interface {} goes, another is {}", subject, face, ours.get().name());
        delete(ours.get(), face, seen, orders, nat);
      }
    }
    orders.run();
    seen.faces().forEach(this::named);
  }

  /**
   * Names of sockets that were given for an interface which was not made, routes over interfaces
   * that we took away, and the translation if nothing is in it, go.
   */
  void sweep(VppApi api, Image seen, Optional<NatDialect> nat) throws ApiException {
    Orders orders = new Orders(api);
    FaceOrders faces = new FaceOrders(orders, seen, List.of());
    RouteOrders routes = new RouteOrders(orders, seen);
    gone.removeIf(index -> seen.face(index).isPresent());
    gone.forEach(index -> seen.waysOver(index).forEach(routes::deleteLeft));
    sweepTranslation(orders, seen, nat);
    sockets.retainAll(seen.sockets().all());
    List.copyOf(sockets).forEach(faces::releaseSocket);
    orders.run();
  }

  /** It carries no name: it is ours if we switched it on. */
  private void sweepTranslation(Orders orders, Image seen, Optional<NatDialect> nat) {
    translates &= seen.translation().containsKey(GLOBAL.key());
    if (translates && seen.translation().size() == 1) {
      new NatOrders(orders, seen, nat).delete(GLOBAL);
    }
  }

  private Optional<Item> unnamed(Face face) {
    return unnamed.values().stream()
        .flatMap(Set::stream)
        .filter(item -> is(face, item))
        .findFirst();
  }

  private static boolean is(Face face, Item item) {
    return face.memif()
        .map(memif -> item.socket().equals(Optional.of(memif.socket())))
        .orElseGet(() -> face.mac().equals(FaceOrders.mac(item.name()).toString()));
  }
}
