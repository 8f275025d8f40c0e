package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;

/**
 * Objects that carry no name of a link and that others on the same agent may use as well: routing
 * tables, NAT's global part, its pool. A client that deletes one takes it from all.
 */
public final class SharedItems {

  private SharedItems() {}

  static boolean isShared(Item item) {
    return switch (item.kind()) {
      case VRF_TABLE, NAT_GLOBAL, NAT_POOL -> true;
      case INTERFACE, ROUTE, NAT_INTERFACE, DNAT -> false;
    };
  }

  /** Whether others than the owner were seen to need the object. */
  public static boolean isUsedByOthers(Item item, VppView view, OwnerNames names) {
    return isShared(item)
        && view.told().stream().anyMatch(other -> isOthers(other, names) && needs(other, item));
  }

  private static boolean isOthers(Item item, OwnerNames names) {
    String name = item.kind() == ItemKind.DNAT ? item.name() : item.interfaceName();
    return !isShared(item) && names.idOf(name).isEmpty();
  }

  private static boolean needs(Item user, Item shared) {
    if (shared.message() instanceof VrfTable table) {
      return (user.message() instanceof Interface face && face.getVrf() == table.getId())
          || (user.message() instanceof Route route && route.getVrfId() == table.getId());
    }
    return user.kind().isNat();
  }
}
