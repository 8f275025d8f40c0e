package io.vl3.vpp.internal;

import io.vl3.dataplane.LinkKey;
import java.util.List;
import java.util.stream.Stream;

/**
 * The objects that have to be sent so that a link is as it is wanted.
 *
 * @param wanted the link
 * @param puts objects that are not there yet, or differently
 * @param undo whether a failure takes back what was sent; not when a link is mended
 */
record Draft(DesiredState.Wanted wanted, List<Item> puts, boolean undo) {

  Draft {
    puts = List.copyOf(puts);
  }

  /** The draft of other objects of the link. */
  Draft with(Stream<Item> objects) {
    return new Draft(wanted, objects.toList(), undo);
  }

  LinkKey key() {
    return wanted.link().key();
  }
}
