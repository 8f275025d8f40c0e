package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.interfaces.Interface;
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
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What our own orders may have left in VPP when an answer was lost: interfaces without their names,
 * or two of one name, names of sockets without interfaces, routes over interfaces that are gone, a
 * translation with nothing in it. Not thread-safe.
 */
final class Strays {

  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

  /** In so many looks an interface is looked for that VPP may have made without telling us. */
  private static final int LOOKS = 3;

  private static final Item GLOBAL = Item.of(Nat44Global.getDefaultInstance());

  private final String subject;
  private final LinkStates links;
  private final Predicate<String> ours;
  private final Set<Item> making = new LinkedHashSet<>();
  private final Map<Item, Integer> lost = new LinkedHashMap<>();
  private final Set<String> sockets = new HashSet<>();
  private final Set<Integer> gone = new HashSet<>();
  private boolean translates;
  private boolean refused;

  /**
   * None yet.
   *
   * @param subject VPP's address, for messages
   * @param links where interfaces are forgotten that go
   * @param ours whether a name is only given by us, to one interface
   */
  Strays(String subject, LinkStates links, Predicate<String> ours) {
    this.subject = subject;
    this.links = links;
    this.ours = ours;
  }

  /** Objects are going to be put. */
  void beforeUpdate(Collection<Item> items, Image has) {
    boolean global = items.stream().anyMatch(item -> item.key().equals(GLOBAL.key()));
    translates |= global && !has.translation().containsKey(GLOBAL.key());
  }

  /** Whether there may be some in a state that is known. */
  boolean mayBe(Image image) {
    return refused
        || !making.isEmpty()
        || !lost.isEmpty()
        || (translates && image.translation().size() == 1)
        || gone.stream().anyMatch(index -> !image.waysOver(index).isEmpty())
        || sockets.stream().anyMatch(file -> !image.sockets().isUsed(file));
  }

  /** An interface is going to be made. */
  void beforeCreate(Item item) {
    making.add(item);
    item.socket().ifPresent(sockets::add);
  }

  /** An interface is going to be deleted. */
  void beforeDelete(Face face) {
    links.remove(face);
    gone.add(face.index());
  }

  /**
   * VPP answered everything: what it did not make is nowhere.
   *
   * @param faces what it made
   * @param isRefused whether it refused something of the object of a key, perhaps its name
   */
  void answered(Collection<Face> faces, Predicate<String> isRefused) {
    Set<String> doubted = new HashSet<>();
    faces.stream()
        .map(face -> Item.interfaceKey(face.name()))
        .filter(isRefused)
        .forEach(doubted::add);
    making.removeIf(item -> !doubted.contains(item.key()));
  }

  /** Another look begins. */
  void lookBegins() {
    lost.replaceAll((item, looks) -> looks - 1);
    lost.values().removeIf(looks -> looks == 0);
  }

  /** Deletes an interface with all that hangs on it. */
  void delete(String key, Face face, Image has, Orders orders, Optional<NatDialect> nat) {
    RouteOrders routes = new RouteOrders(orders, has);
    NatOrders translation = new NatOrders(orders, has, nat);
    has.waysOver(face.index()).forEach(routes::deleteLeft);
    has.translation(face.name()).forEach(translation::delete);
    beforeDelete(face);
    new FaceOrders(orders, has, List.of()).delete(key, face);
  }

  /**
   * Interfaces of ours that were left without their names get them, or go if another has the name;
   * of several of one name one stays. VPP may do late what it was told by a connection that we gave
   * up, so they are looked for more than once.
   *
   * @return whether VPP has something else now than what was seen
   */
  boolean tidy(VppApi api, Image seen, Optional<NatDialect> nat) throws ApiException {
    making.forEach(item -> lost.put(item, LOOKS));
    making.clear();
    Orders orders = new Orders(api);
    boolean tidies = name(seen, orders, nat);
    tidies |= keepOne(seen, orders, nat);
    orders.run();
    refused = !orders.refusals().isEmpty();
    return tidies;
  }

  private boolean name(Image seen, Orders orders, Optional<NatDialect> nat) {
    FaceOrders faces = new FaceOrders(orders, seen, List.of());
    boolean names = false;
    for (Face face : List.copyOf(seen.faces())) {
      Optional<Item> item = face.isTagged() ? Optional.empty() : lost(face);
      names |= item.isPresent();
      if (item.isPresent() && seen.face(item.get().name()).isEmpty()) {
        LOG.info("{}: interface {} gets its name, {}", subject, face, item.get().name());
        seen.rename(face, item.get().name());
        faces.name(item.get().key(), face);
      } else if (item.isPresent()) {
        LOG.info("{}: interface {} goes, another is {}", subject, face, item.get().name());
        delete(item.get().key(), face, seen, orders, nat);
      }
    }
    return names;
  }

  /** The one that stays is in use, if one is. */
  private boolean keepOne(Image seen, Orders orders, Optional<NatDialect> nat) {
    boolean goes = false;
    for (Face face : List.copyOf(seen.faces())) {
      List<Face> all = face.isTagged() ? seen.faces(face.name()) : List.of();
      if (all.size() > 1 && ours.test(face.name()) && face != mostUsed(all, seen)) {
        LOG.info("{}: interface {} goes, another has its name", subject, face);
        delete(Item.interfaceKey(face.name()), face, seen, orders, nat);
        goes = true;
      }
    }
    return goes;
  }

  private static Face mostUsed(List<Face> faces, Image seen) {
    return faces.stream()
        .filter(face -> face.linkUp() && face.memif().isPresent())
        .findFirst()
        .or(
            () ->
                faces.stream().filter(face -> !seen.borrowers(face.index()).isEmpty()).findFirst())
        .or(() -> faces.stream().filter(face -> !face.addresses().isEmpty()).findFirst())
        .orElse(faces.get(0));
  }

  /**
   * Names of sockets that were given for an interface which was not made, routes over interfaces
   * that we took away, and the translation if nothing is in it, go.
   */
  void sweep(VppApi api, Image seen, Optional<NatDialect> nat) throws ApiException {
    Orders orders = new Orders(api);
    RouteOrders routes = new RouteOrders(orders, seen);
    gone.removeIf(index -> seen.face(index).isPresent());
    gone.forEach(index -> seen.waysOver(index).forEach(routes::deleteLeft));
    sweepTranslation(orders, seen, nat);
    sockets.retainAll(seen.sockets().all());
    List.copyOf(sockets).forEach(new SocketOrders(orders, seen)::release);
    orders.run();
  }

  /** It carries no name: it is ours if we switched it on. */
  private void sweepTranslation(Orders orders, Image seen, Optional<NatDialect> nat) {
    translates &= seen.translation().containsKey(GLOBAL.key());
    if (translates && seen.translation().size() == 1) {
      new NatOrders(orders, seen, nat).delete(GLOBAL);
    }
  }

  private Optional<Item> lost(Face face) {
    return lost.keySet().stream().filter(item -> is(face, item)).findFirst();
  }

  private static boolean is(Face face, Item item) {
    Interface shall = (Interface) item.message();
    return face.memif().isPresent()
        ? shall.hasMemif() && face.memif().get().equals(Face.Memif.of(shall.getMemif()))
        : face.mac().equals(FaceOrders.mac(item.name()).toString());
  }
}
