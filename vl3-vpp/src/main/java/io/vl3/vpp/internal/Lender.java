package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The loopback that lends an owner's addresses to the links that show them, because VPP takes an
 * address once. It holds what any link shows, so links of one family and of both share it: it grows
 * when a link is put, and is trimmed when none shows an address any more.
 */
final class Lender {

  private Lender() {}

  /** Whether the object is a lender. */
  static boolean is(Item item) {
    return item.message() instanceof Interface face
        && face.getType() == Interface.Type.SOFTWARE_LOOPBACK;
  }

  /** The key of an address that it lends, as the agent writes it. */
  static List<String> addressKeys(Item lender) {
    return addresses(lender).stream().map(address -> addressKey(lender, address)).toList();
  }

  /** Whether the held object does for the wanted one: it is the same, or lends more. */
  static boolean serves(Item held, Item wanted) {
    return grown(held, wanted).equals(held);
  }

  /** The wanted object; a lender with the addresses of the held one before its own. */
  static Item grown(Item held, Item wanted) {
    if (!is(held) || !is(wanted)) {
      return wanted;
    }
    Set<String> all = new LinkedHashSet<>(addresses(held));
    all.addAll(addresses(wanted));
    return with(wanted, all);
  }

  /** The lender without the addresses whose keys nobody wants. */
  static Item trimmed(Item lender, Predicate<String> wanted) {
    Set<String> left = new LinkedHashSet<>(addresses(lender));
    left.removeIf(address -> !wanted.test(addressKey(lender, address)));
    return with(lender, left);
  }

  private static Item with(Item lender, Set<String> addresses) {
    Interface face = (Interface) lender.message();
    return Item.of(face.toBuilder().clearIpAddresses().addAllIpAddresses(addresses).build());
  }

  private static List<String> addresses(Item lender) {
    return ((Interface) lender.message()).getIpAddressesList();
  }

  private static String addressKey(Item lender, String address) {
    return lender.key() + "/address/static/" + address;
  }
}
