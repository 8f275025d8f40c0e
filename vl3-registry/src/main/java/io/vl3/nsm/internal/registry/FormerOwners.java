package io.vl3.nsm.internal.registry;

import io.vl3.registry.EndpointRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose the names of expired registrations are: who has proven an identity finds its name again
 * after a while of silence, and nobody can wait for that to take its place (as in NSM's registries,
 * which forget an owner only when it unregisters). The oldest are forgotten for new ones. Not
 * thread-safe: its registry's lock guards it.
 */
final class FormerOwners {

  private static final int MOST = 4096;

  /** Characters of a name and its owner; who has longer ones is not remembered. */
  private static final int MOST_CHARACTERS = 1024;

  private final Map<String, String> byName =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /** Whether an identity is one that was proven, and no number of a user of this machine. */
  static boolean isProven(String identity) {
    return identity.startsWith("spiffe://");
  }

  /** Keeps whose a registration was. */
  void keep(EndpointRecord expired) {
    expired
        .owner()
        .filter(FormerOwners::isProven)
        .filter(owner -> owner.length() + expired.name().length() <= MOST_CHARACTERS)
        .ifPresent(owner -> byName.put(expired.name(), owner));
  }

  /** The former owner of a name; empty if it had none. */
  Optional<String> of(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  void forget(String name) {
    byName.remove(name);
  }

  void clear() {
    byName.clear();
  }
}
