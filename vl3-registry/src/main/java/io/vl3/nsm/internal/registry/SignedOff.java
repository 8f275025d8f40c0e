package io.vl3.nsm.internal.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The names of endpoints that have unregistered themselves: nobody waits for one to register again.
 * The oldest are forgotten for new ones. Not thread-safe: its registry's lock guards it.
 */
final class SignedOff {

  private static final int MOST = 4096;

  /** Characters of a name; a longer one is not remembered. */
  private static final int MOST_CHARACTERS = 256;

  private final Set<String> names =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST;
            }
          });

  void add(String name) {
    if (name.length() <= MOST_CHARACTERS) {
      names.add(name);
    }
  }

  boolean has(String name) {
    return names.contains(name);
  }

  void forget(String name) {
    names.remove(name);
  }

  void clear() {
    names.clear();
  }
}
