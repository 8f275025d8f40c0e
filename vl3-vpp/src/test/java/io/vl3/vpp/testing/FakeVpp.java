package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.internal.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What runs: objects by the agent's key, with the rules that VPP itself enforces. Not thread-safe:
 * used under the agent's lock.
 */
final class FakeVpp {

  /** VPP said no. */
  static final class VppError extends Exception {
    VppError(String message) {
      super(message);
    }
  }

  private final Map<String, Item> running = new TreeMap<>();
  private final Map<String, Integer> sockets = new LinkedHashMap<>();
  private final Map<Predicate<Item>, String> refusals = new LinkedHashMap<>();
  private int interfacesCreated;
  private boolean connected = true;

  void refuse(Predicate<Item> which, String message) {
    refusals.put(which, message);
  }

  void refuseNothing() {
    refusals.clear();
  }

  void connected(boolean value) {
    connected = value;
  }

  boolean isConnected() {
    return connected;
  }

  boolean has(String key) {
    return running.containsKey(key);
  }

  Item get(String key) {
    Item item = running.get(key);
    if (item == null) {
      throw new AssertionError("VPP: no " + key + " (expected: running)");
    }
    return item;
  }

  /** Everything but what VPP is born with goes. */
  void clear() {
    running.clear();
    sockets.clear();
  }

  /** Something that nobody told the agent. */
  void foreign(Item item) {
    running.put(item.key(), item);
  }

  int interfacesCreated() {
    return interfacesCreated;
  }

  int sockets() {
    return sockets.size();
  }

  /** Brings an object to be so. */
  void put(Item item) throws VppError {
    if (!connected) {
      throw new VppError("VPP is not connected");
    }
    for (Map.Entry<Predicate<Item>, String> refusal : refusals.entrySet()) {
      if (refusal.getKey().test(item)) {
        throw new VppError(refusal.getValue());
      }
    }
    Item before = running.get(item.key());
    if (item.message() instanceof Interface face) {
      check(face);
      if (before == null || !before.message().equals(item.message())) {
        create(before, face);
      }
    }
    running.put(item.key(), item);
  }

  void remove(String key) throws VppError {
    if (!connected) {
      throw new VppError("VPP is not connected");
    }
    running.remove(key);
  }

  /** All running objects, interfaces with what is really configured on them. */
  List<Item> running() {
    List<Item> all = new ArrayList<>();
    for (Item item : running.values()) {
      all.add(item.message() instanceof Interface face ? Item.of(effective(face)) : item);
    }
    return all;
  }

  /**
   * The interface without addresses that wait for a routing table, and without a loan of addresses
   * that nobody has: these are values of their own to the agent, and its answer does not tell.
   */
  private Interface effective(Interface face) {
    Interface.Builder seen = face.toBuilder().clearIpAddresses();
    for (String address : face.getIpAddressesList()) {
      if (face.getVrf() == 0
          || has(Item.tableKey(face.getVrf(), InterfaceAddress.parse(address).family()))) {
        seen.addIpAddresses(address);
      }
    }
    if (face.hasUnnumbered() && !hasAddress(face.getUnnumbered().getInterfaceWithIp())) {
      seen.clearUnnumbered();
    }
    return seen.build();
  }

  private boolean hasAddress(String name) {
    Item lender = running.get(Item.interfaceKey(name));
    return lender != null
        && lender.message() instanceof Interface face
        && effective(face).getIpAddressesCount() > 0;
  }

  /** A change of what an interface is made of makes it anew. */
  private void create(@Nullable Item before, Interface face) {
    boolean same =
        before != null
            && before.message() instanceof Interface old
            && old.getType() == face.getType()
            && old.getMemif().equals(face.getMemif());
    if (!same) {
      interfacesCreated++;
    }
    if (face.hasMemif()) {
      sockets.putIfAbsent(face.getMemif().getSocketFilename(), sockets.size() + 1);
    }
  }

  private void check(Interface face) throws VppError {
    for (Item item : running.values()) {
      if (item.message() instanceof Interface other && !other.getName().equals(face.getName())) {
        checkSocket(face, other);
        checkAddresses(face, other);
      }
    }
  }

  private static void checkSocket(Interface face, Interface other) throws VppError {
    MemifLink mine = face.getMemif();
    MemifLink its = other.getMemif();
    if (face.hasMemif()
        && other.hasMemif()
        && mine.getSocketFilename().equals(its.getSocketFilename())
        && mine.getId() == its.getId()) {
      throw new VppError("VPPApiError: Value exist (-81)");
    }
  }

  private static void checkAddresses(Interface face, Interface other) throws VppError {
    if (face.getVrf() != other.getVrf()) {
      return;
    }
    for (String address : face.getIpAddressesList()) {
      IpPrefix mine = InterfaceAddress.parse(address).network();
      for (String its : other.getIpAddressesList()) {
        if (mine.overlaps(InterfaceAddress.parse(its).network())) {
          throw new VppError("VPPApiError: Address found in interface's subnet already (-105)");
        }
      }
    }
  }
}
