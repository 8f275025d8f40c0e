package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.testing.FakeVpp.VppError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The values that the agent was told, each with its state: a value whose dependencies are missing
 * is accepted and waits, one that VPP refuses has failed, and the others of the same call go on.
 * Not thread-safe: used under the agent's lock.
 */
final class FakeScheduler {

  /** What became of a value. */
  enum State {
    CONFIGURED,
    PENDING,
    FAILED,
    /** No plugin of the agent cares for it. */
    UNIMPLEMENTED
  }

  /** A value and its state. */
  record Value(Item item, State state, String error) {}

  private final FakeVpp vpp;
  private final Map<String, Value> values = new LinkedHashMap<>();

  /** What runs and was then told anew with a value that is none: the agent knows it no more. */
  private final Set<String> forgotten = new HashSet<>();

  private final Map<Predicate<Item>, String> invalid = new LinkedHashMap<>();

  private Predicate<Item> unimplemented = item -> false;

  FakeScheduler(FakeVpp vpp) {
    this.vpp = vpp;
  }

  /**
   * One transaction.
   *
   * @return errors by key, as the agent words them
   */
  Map<String, String> apply(Collection<Item> puts, Collection<String> deletes) {
    Map<String, String> errors = new TreeMap<>();
    for (Item item : puts) {
      put(item).ifPresent(error -> errors.put(error.key(), "(CREATE): " + error.getMessage()));
    }
    for (String key : deletes) {
      delete(key).ifPresent(error -> errors.put(error.key(), "(DELETE): " + error.getMessage()));
    }
    settle();
    return errors;
  }

  /** Looks at VPP: what is lost there is not configured any more. */
  void refresh() {
    values.keySet().removeIf(key -> isConfigured(key) && !vpp.has(key));
  }

  void clear() {
    values.clear();
    forgotten.clear();
  }

  /** Values that shall be none, beyond those that never are. */
  void findInvalid(Predicate<Item> which, String message) {
    invalid.put(which, message);
  }

  /** Values that no plugin cares for. */
  void leaveUnimplemented(Predicate<Item> which) {
    unimplemented = which;
  }

  void findNothingInvalid() {
    invalid.clear();
  }

  boolean isPending(String key) {
    Value value = values.get(key);
    return value != null && value.state() == State.PENDING;
  }

  boolean knows(String key) {
    return values.containsKey(key);
  }

  List<Value> values() {
    return List.copyOf(values.values());
  }

  private Optional<VppError> put(Item item) {
    Optional<String> invalid = invalid(item);
    if (invalid.isPresent()) {
      if (vpp.has(item.key())) {
        forgotten.add(item.key());
      }
      return fail(item, new VppError(item.key(), invalid.get()));
    }
    if (unimplemented.test(item)) {
      values.put(item.key(), new Value(item, State.UNIMPLEMENTED, ""));
      return Optional.empty();
    }
    if (!satisfied(item)) {
      unconfigure(item.key());
      values.put(item.key(), new Value(item, State.PENDING, ""));
      return Optional.empty();
    }
    if (isConfigured(item.key()) && item.equals(values.get(item.key()).item())) {
      return Optional.empty(); // whatever has become of it in VPP: nothing to do
    }
    try {
      Optional<Item> before =
          Optional.ofNullable(values.get(item.key()))
              .filter(value -> value.state() == State.CONFIGURED)
              .map(Value::item);
      vpp.put(item, !forgotten.contains(item.key()), before);
      values.put(item.key(), new Value(item, State.CONFIGURED, ""));
      return Optional.empty();
    } catch (VppError refused) {
      return fail(item, refused);
    }
  }

  private Optional<VppError> delete(String key) {
    Value value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value.item().message() instanceof Interface && isConfigured(key) && !vpp.has(key)) {
      values.remove(key); // VPP knows better, and the agent looks after a failure
      return Optional.of(new VppError(key, "VPPApiError: Invalid sw_if_index (-2)"));
    }
    try {
      vpp.remove(key);
      values.remove(key);
      forgotten.remove(key);
      return Optional.empty();
    } catch (VppError refused) {
      return fail(value.item(), refused);
    }
  }

  private Optional<VppError> fail(Item item, VppError error) {
    values.put(item.key(), new Value(item, State.FAILED, String.valueOf(error.getMessage())));
    return Optional.of(error);
  }

  /** Values that have lost what they need wait; values that have found it are configured. */
  private void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Value value : values()) {
        boolean satisfied = satisfied(value.item());
        if (value.state() == State.CONFIGURED && !satisfied) {
          unconfigure(value.item().key());
          values.put(value.item().key(), new Value(value.item(), State.PENDING, ""));
          changed = true;
        } else if (value.state() == State.PENDING && satisfied) {
          put(value.item());
          changed = true;
        }
      }
    }
  }

  private void unconfigure(String key) {
    try {
      vpp.remove(key);
    } catch (VppError gone) {
      // VPP is away, and the object with it.
    }
  }

  /** What the agent has configured is there for it, whatever has become of it in VPP. */
  private boolean satisfied(Item item) {
    return dependencies(item).stream().allMatch(key -> isConfigured(key) || vpp.has(key));
  }

  private boolean isConfigured(String key) {
    Value value = values.get(key);
    return value != null && value.state() == State.CONFIGURED;
  }

  private static List<String> dependencies(Item item) {
    List<String> keys = new ArrayList<>();
    if (item.message() instanceof Route route) {
      if (!route.getOutgoingInterface().isEmpty()) {
        keys.add(Item.interfaceKey(route.getOutgoingInterface()));
      }
      if (route.getVrfId() != 0) {
        keys.add(
            Item.tableKey(
                route.getVrfId(), InterfaceAddress.parse(route.getDstNetwork()).family()));
      }
    } else if (item.message() instanceof Nat44Interface face) {
      keys.add(ItemKind.NAT_GLOBAL.prefix());
      keys.add(Item.interfaceKey(face.getName()));
    } else if (item.message() instanceof DNat44 || item.message() instanceof Nat44AddressPool) {
      keys.add(ItemKind.NAT_GLOBAL.prefix());
    }
    return keys;
  }

  private Optional<String> invalid(Item item) {
    for (Map.Entry<Predicate<Item>, String> finding : invalid.entrySet()) {
      if (finding.getKey().test(item)) {
        return Optional.of(finding.getValue());
      }
    }
    if (item.message() instanceof Interface face) {
      return invalid(face);
    }
    if (item.message() instanceof Route route) {
      Optional<InterfaceAddress> network = InterfaceAddress.tryParse(route.getDstNetwork());
      if (network.isEmpty() || IpPrefix.tryParse(route.getDstNetwork()).isEmpty()) {
        return Optional.of(
            "field dst_network is invalid: DstNetwork (%s) must represent IP network"
                .formatted(route.getDstNetwork()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> invalid(Interface face) {
    if (face.getName().isEmpty()) {
      return Optional.of("field name is invalid: VPP interface defined without logical name");
    }
    if (face.getName().length() > 63) {
      return Optional.of(
          "field name is invalid: VPP interface logical name exceeds the length limit (63"
              + " characters)");
    }
    boolean needsLink = face.getType() != Interface.Type.SOFTWARE_LOOPBACK;
    if (needsLink && face.getLinkCase() == Interface.LinkCase.LINK_NOT_SET) {
      return Optional.of("VPP interface type %s must have link defined".formatted(face.getType()));
    }
    if (face.hasUnnumbered() && face.getIpAddressesCount() > 0) {
      return Optional.of(
          "fields [unnumbered ip_addresses] are invalid: VPP unnumbered interface was defined with"
              + " IP address");
    }
    return face.getIpAddressesList().stream()
        .filter(address -> InterfaceAddress.tryParse(address).isEmpty())
        .findFirst()
        .map(address -> "invalid CIDR address: " + address);
  }
}
