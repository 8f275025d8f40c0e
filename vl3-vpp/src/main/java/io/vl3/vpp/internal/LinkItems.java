package io.vl3.vpp.internal;

import java.util.List;
import java.util.Set;

/**
 * A link as the agent's objects.
 *
 * @param interfaceName the link's interface
 * @param items the objects, in the order of their dependencies
 * @param claims belongings that no two links may have: a socket, a port of the NAT address
 */
record LinkItems(String interfaceName, List<Item> items, Set<String> claims) {

  LinkItems {
    items = List.copyOf(items);
    claims = Set.copyOf(claims);
  }
}
