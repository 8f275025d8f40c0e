package io.vl3.nsm.manager;

import io.vl3.connection.Caller;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.HashMap;
import java.util.Map;

/**
 * Whose the registered network services are: a name belongs to the identity that first took it,
 * until that gives it back (NSM v1, {@code client_allowed}). Thread-safe.
 */
final class ServiceOwners {

  private final Object lock = new Object();
  private final Map<String, Caller> owners = new HashMap<>();

  /**
   * Takes a name.
   *
   * @return whether it was free before
   * @throws EndpointException DENIED if it is another's
   */
  boolean take(String name, Caller caller) throws EndpointException {
    synchronized (lock) {
      check(name, caller);
      return owners.put(name, caller) == null;
    }
  }

  /**
   * Gives a name back.
   *
   * @throws EndpointException DENIED if it is another's
   */
  void giveBack(String name, Caller caller) throws EndpointException {
    synchronized (lock) {
      check(name, caller);
      owners.remove(name);
    }
  }

  private void check(String name, Caller caller) throws EndpointException {
    Caller owner = owners.getOrDefault(name, caller);
    if (!owner.equals(caller)) {
      throw new EndpointException(
          Reason.DENIED,
          "network service: %s (expected: a free name, or one of your own) [no sufficient privileges: it belongs to %s]"
              .formatted(name, owner));
    }
  }
}
