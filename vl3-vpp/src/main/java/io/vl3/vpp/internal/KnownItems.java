package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.net.IpAddress;
import io.vl3.vpp.VppSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The objects of an owner that an agent holds, as far as is known: read from the agent at each
 * look, and kept up with what was sent since. Every object belongs to an id: a link's, a
 * loopback's, or {@link #BASE}. One thread changes it; any thread may call {@link #idOfSocket} and
 * {@link #socketOfId}.
 */
final class KnownItems {

  /** The id of objects of no link: routing tables, the NAT address. */
  static final String BASE = "base";

  private record Known(Item item, boolean right) {}

  private final OwnerNames names;
  private final Optional<String> natAddress;
  private final Map<String, Known> items = new LinkedHashMap<>();
  private final Map<String, Set<String>> keysOfId = new HashMap<>();
  private Set<String> foreign = Set.of();
  private volatile Map<String, String> sockets = new ConcurrentHashMap<>();

  KnownItems(VppSettings settings, OwnerNames names) {
    this.names = names;
    this.natAddress = settings.natAddress().map(IpAddress::toString);
  }

  /** Forgets everything and takes over the agent's view. */
  void reset(VppView view) {
    items.clear();
    keysOfId.clear();
    boolean natIsOurs = view.told().stream().anyMatch(this::isOurPool);
    Set<String> others = new HashSet<>();
    for (Item item : view.told()) {
      if (idOf(item, natIsOurs).isPresent()) {
        add(item, view.holds(item), natIsOurs);
      } else if (item.kind() == ItemKind.VRF_TABLE || item.kind() == ItemKind.NAT_GLOBAL) {
        others.add(item.key());
      }
    }
    for (Item item : view.running()) {
      boolean told = items.containsKey(item.key());
      if (item.kind() == ItemKind.INTERFACE && !told && idOf(item, natIsOurs).isPresent()) {
        add(item, false, natIsOurs);
      }
    }
    foreign = others;
    sockets = socketsOfItems();
  }

  /** The id that an interface with that socket belongs to. */
  Optional<String> idOfSocket(String socket) {
    return Optional.ofNullable(sockets.get(socket));
  }

  /** A socket that an interface of the id has. */
  Optional<String> socketOfId(String id) {
    return sockets.entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether the object is there so, or another client's stands in its place and serves us. */
  boolean holds(Item item) {
    Known known = items.get(item.key());
    return foreign.contains(item.key())
        || (known != null && known.right() && Lender.serves(known.item(), item));
  }

  /** The object as it has to be sent to go on serving the links that it serves. */
  Item grown(Item item) {
    return get(item.key()).map(held -> Lender.grown(held, item)).orElse(item);
  }

  /** Whether there is no doubt about any object. */
  boolean isSure() {
    return items.values().stream().allMatch(Known::right);
  }

  /** The configured object of a key. */
  Optional<Item> get(String key) {
    return Optional.ofNullable(items.get(key)).map(Known::item);
  }

  /** The object was sent and runs. */
  void put(Item item) {
    if (!foreign.contains(item.key())) {
      add(item, true, true);
    }
  }

  /** The object may be different from what was sent, or gone. */
  void doubt(String key) {
    items.computeIfPresent(key, (same, known) -> new Known(known.item(), false));
  }

  /** The object is gone. */
  void remove(String key) {
    Known known = items.remove(key);
    if (known != null) {
      forgetSocket(known.item());
      idOf(known.item(), true)
          .ifPresent(
              id ->
                  keysOfId.computeIfPresent(
                      id,
                      (same, keys) -> {
                        keys.remove(key);
                        return keys.isEmpty() ? null : keys;
                      }));
    }
  }

  /** The ids that have objects. */
  Set<String> ids() {
    return Set.copyOf(keysOfId.keySet());
  }

  /** The objects of an id. */
  List<Item> of(String id) {
    List<Item> all = new ArrayList<>();
    for (String key : keysOfId.getOrDefault(id, Set.of())) {
      get(key).ifPresent(all::add);
    }
    return all;
  }

  int size() {
    return items.size();
  }

  private void add(Item item, boolean right, boolean natIsOurs) {
    Optional<String> id = idOf(item, natIsOurs);
    id.ifPresent(of -> keysOfId.computeIfAbsent(of, none -> new HashSet<>()).add(item.key()));
    Known before = items.put(item.key(), new Known(item, right));
    if (before != null && !before.item().socket().equals(item.socket())) {
      forgetSocket(before.item());
    }
    item.socket().ifPresent(socket -> id.ifPresent(of -> sockets.put(socket, of)));
  }

  /** Forgets whose socket it was, unless another has it by now. */
  private void forgetSocket(Item item) {
    names
        .idOf(item.interfaceName())
        .ifPresent(id -> item.socket().ifPresent(socket -> sockets.remove(socket, id)));
  }

  private Map<String, String> socketsOfItems() {
    Map<String, String> all = new ConcurrentHashMap<>();
    for (Known known : items.values()) {
      Optional<String> id = names.idOf(known.item().interfaceName());
      known.item().socket().ifPresent(socket -> id.ifPresent(of -> all.put(socket, of)));
    }
    return all;
  }

  private Optional<String> idOf(Item item, boolean natIsOurs) {
    return switch (item.kind()) {
      case INTERFACE, ROUTE, NAT_INTERFACE -> names.idOf(item.interfaceName());
      case DNAT -> names.idOf(item.name());
      case VRF_TABLE ->
          Optional.of(BASE)
              .filter(base -> ((VrfTable) item.message()).getLabel().equals(names.label()));
      case NAT_POOL -> Optional.of(BASE).filter(base -> isOurPool(item));
      case NAT_GLOBAL -> Optional.of(BASE).filter(base -> natIsOurs);
    };
  }

  /** A pool of the address that is set for us was made by us, in this life or an earlier one. */
  private boolean isOurPool(Item item) {
    return item.message() instanceof Nat44AddressPool pool
        && natAddress.filter(pool.getFirstIp()::equals).isPresent();
  }
}
