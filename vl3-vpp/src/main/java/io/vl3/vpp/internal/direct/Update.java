package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings objects to be as they are wanted, in two turns: what makes interfaces, which VPP numbers,
 * and all else. Objects that can only be made anew are removed in a turn before, and those that
 * depend on them put again. Used once.
 */
final class Update {

  private static final List<ItemKind> TRANSLATION =
      List.of(ItemKind.NAT_GLOBAL, ItemKind.NAT_POOL, ItemKind.NAT_INTERFACE, ItemKind.DNAT);

  private final Collection<Item> items;
  private final Told told;
  private final Image image;
  private final Orders orders;
  private final FaceOrders faces;
  private final RouteOrders routes;
  private final NatOrders translation;
  private final List<Item> again = new ArrayList<>();
  private Optional<Map<String, List<Item>>> hanging = Optional.empty();
  private boolean takenAway;

  Update(Collection<Item> items, Told told, Image image, Orders orders, Optional<NatDialect> nat) {
    this.items = items;
    this.told = told;
    this.image = image;
    this.orders = orders;
    this.faces = new FaceOrders(orders, image, of(ItemKind.INTERFACE));
    this.routes = new RouteOrders(orders, image);
    this.translation = new NatOrders(orders, image, nat);
  }

  /**
   * Runs.
   *
   * @param beforeCreate receives an interface that is going to be made
   * @param beforeDelete receives one that is going to be removed
   * @return the interfaces that were made
   */
  Collection<Face> run(Consumer<Item> beforeCreate, Consumer<Face> beforeDelete)
      throws ApiException {
    of(ItemKind.VRF_TABLE).forEach(routes::putTable);
    of(ItemKind.INTERFACE).forEach(item -> takeAway(item, beforeDelete));
    if (takenAway) {
      orders.run(); // What VPP does not let go is there under its name, and not to be made again.
    }
    Map<Item, Face> made = create(beforeCreate);
    made.values().forEach(face -> image.waysOver(face.index()).forEach(routes::deleteLeft));
    made.forEach((item, face) -> faces.name(item.key(), face));
    configure();
    again.stream().filter(item -> item.kind() == ItemKind.ROUTE).forEach(routes::put);
    of(ItemKind.ROUTE).forEach(routes::put);
    for (ItemKind kind : TRANSLATION) {
      again.stream().filter(item -> item.kind() == kind).forEach(translation::put);
      of(kind).forEach(translation::put);
    }
    orders.run();
    return made.values();
  }

  private void takeAway(Item item, Consumer<Face> beforeDelete) {
    Optional<Face> old =
        image.face(item.name()).filter(face -> FaceOrders.mustBeAnew(item, face, told.of(item)));
    if (old.isPresent()) {
      List<Item> hung = hanging().getOrDefault(item.name(), List.of());
      hung.stream().filter(one -> one.kind() == ItemKind.ROUTE).forEach(routes::delete);
      hung.stream().filter(one -> one.kind().isNat()).forEach(translation::delete);
      again.addAll(hung);
      takenAway = true;
      beforeDelete.accept(old.get());
      faces.delete(item.key(), old.get());
    }
  }

  /** What hangs on interfaces, by their names, before anything was taken away. */
  private Map<String, List<Item>> hanging() {
    if (hanging.isEmpty()) {
      hanging =
          Optional.of(
              image.items().stream()
                  .filter(item -> item.kind() != ItemKind.INTERFACE)
                  .collect(Collectors.groupingBy(Item::interfaceName)));
    }
    return hanging.get();
  }

  private Map<Item, Face> create(Consumer<Item> beforeCreate) throws ApiException {
    Map<Item, Face> made = new LinkedHashMap<>();
    FaceMaking making = new FaceMaking(orders, image);
    for (Item item : of(ItemKind.INTERFACE)) {
      if (image.face(item.name()).isEmpty()) {
        beforeCreate.accept(item);
        making.create(item, face -> made.put(item, face));
      }
    }
    orders.run();
    return made;
  }

  private void configure() {
    List<Item> wanted =
        of(ItemKind.INTERFACE).stream().filter(item -> !orders.isRefused(item.key())).toList();
    wanted.forEach(item -> image.face(item.name()).ifPresent(face -> faces.reduce(item, face)));
    wanted.stream()
        .filter(item -> image.face(item.name()).filter(Update::mayLend).isPresent())
        .forEach(item -> image.face(item.name()).ifPresent(face -> faces.extend(item, face)));
    wanted.stream()
        .filter(item -> image.face(item.name()).filter(face -> !mayLend(face)).isPresent())
        .forEach(item -> image.face(item.name()).ifPresent(face -> faces.extend(item, face)));
    faces.lendAgain();
  }

  private static boolean mayLend(Face face) {
    return face.kind() == Face.Kind.LOOPBACK;
  }

  private List<Item> of(ItemKind kind) {
    return items.stream().filter(item -> item.kind() == kind).toList();
  }
}
