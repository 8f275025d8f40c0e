package io.vl3.vpp.internal;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkKey;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The links that are wanted, as objects. Links may share objects (a loopback, a table, the NAT
 * address): one is wanted as long as any link wants it. One thread changes it; {@link #wants},
 * {@link #ofId} and {@link #size} may be asked by any.
 */
final class DesiredState {

  /** A link that is wanted. */
  record Wanted(Link link, LinkItems objects) {}

  private final Map<LinkKey, Wanted> links = new LinkedHashMap<>();
  private final Map<String, Integer> uses = new ConcurrentHashMap<>();
  private final Map<String, LinkKey> claims = new HashMap<>();
  private final Map<String, LinkKey> keysOfIds = new ConcurrentHashMap<>();
  private final Map<LinkKey, String> interfaces = new ConcurrentHashMap<>();
  private final OwnerNames names;
  private volatile int size;

  DesiredState(OwnerNames names) {
    this.names = names;
  }

  Optional<Wanted> get(LinkKey key) {
    return Optional.ofNullable(links.get(key));
  }

  /** The interface of a wanted link. May be asked by any thread. */
  Optional<String> interfaceOf(LinkKey key) {
    return Optional.ofNullable(interfaces.get(key));
  }

  Collection<Wanted> all() {
    return List.copyOf(links.values());
  }

  int size() {
    return size;
  }

  /** The wanted link that an id stands for. */
  Optional<LinkKey> ofId(String id) {
    return Optional.ofNullable(keysOfIds.get(id));
  }

  /** Whether any link wants the object, or the address of the {@link Lender}. */
  boolean wants(String key) {
    return uses.containsKey(key);
  }

  /** The link that has a claim. */
  Optional<LinkKey> holder(String claim) {
    return Optional.ofNullable(claims.get(claim));
  }

  void put(Wanted wanted) {
    remove(wanted.link().key());
    links.put(wanted.link().key(), wanted);
    keysOfIds.put(names.id(wanted.link().key()), wanted.link().key());
    interfaces.put(wanted.link().key(), wanted.objects().interfaceName());
    keys(wanted).forEach(key -> uses.merge(key, 1, Integer::sum));
    wanted.objects().claims().forEach(claim -> claims.put(claim, wanted.link().key()));
    size = links.size();
  }

  /** Forgets a link; answers what it was. */
  Optional<Wanted> remove(LinkKey key) {
    Wanted old = links.remove(key);
    if (old != null) {
      keysOfIds.remove(names.id(key));
      interfaces.remove(key);
      keys(old).forEach(used -> uses.computeIfPresent(used, (same, n) -> n == 1 ? null : n - 1));
      old.objects().claims().forEach(claim -> claims.remove(claim, key));
      size = links.size();
    }
    return Optional.ofNullable(old);
  }

  /**
   * Refuses claims that another link has.
   *
   * @param staged claims of the same round, to which this one's are added
   */
  void check(LinkKey key, LinkItems objects, Map<String, LinkKey> staged) throws EndpointException {
    for (String claim : objects.claims()) {
      LinkKey holder = staged.getOrDefault(claim, claims.getOrDefault(claim, key));
      if (!holder.equals(key)) {
        throw new EndpointException(
            Reason.CONFLICT,
            "link %s: %s (expected: free) [held by link %s]".formatted(key, claim, holder));
      }
    }
    objects.claims().forEach(claim -> staged.put(claim, key));
  }

  private static List<String> keys(Wanted wanted) {
    List<String> keys = new ArrayList<>();
    for (Item item : wanted.objects().items()) {
      keys.add(item.key());
      if (Lender.is(item)) {
        keys.addAll(Lender.addressKeys(item));
      }
    }
    return keys;
  }
}
