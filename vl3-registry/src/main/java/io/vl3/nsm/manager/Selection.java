package io.vl3.nsm.manager;

import io.vl3.endpoint.Key;
import java.util.List;

/**
 * Who may serve a request, in order of preference.
 *
 * @param targets at least one
 * @param mayTryNext whether the next is asked when one is away
 */
record Selection(List<Target> targets, boolean mayTryNext) {

  static final Key<Selection> KEY = Key.named("selection");

  Selection {
    targets = List.copyOf(targets);
  }
}
