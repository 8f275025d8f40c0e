package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What runs: objects by the agent's key, with the rules that VPP itself enforces. Not thread-safe:
 * used under the agent's lock.
 */
final class FakeVpp {

  /** VPP said no, to an object or to a part of it that is a value of its own to the agent. */
  static final class VppError extends Exception {
    private final String key;

    VppError(String key, String message) {
      super(message);
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  private final Map<String, Item> running = new TreeMap<>();
  private final Map<String, Integer> sockets = new LinkedHashMap<>();
  private final Map<Predicate<Item>, String> refusals = new LinkedHashMap<>();
  private final Set<String> refusedAddresses = new HashSet<>();
  private final List<Predicate<Item>> heldFast = new ArrayList<>();
  private final Map<String, IpPrefix> networks = new HashMap<>();
  private final FakeLeftRoutes leftRoutes = new FakeLeftRoutes();
  private int interfacesCreated;
  private boolean connected = true;
  private boolean natEnabled;

  void refuse(Predicate<Item> which, String message) {
    refusals.put(which, message);
  }

  void refuseAddress(String address) {
    refusedAddresses.add(address);
  }

  void refuseRemoval(Predicate<Item> which) {
    heldFast.add(which);
  }

  void refuseNothing() {
    refusals.clear();
    refusedAddresses.clear();
    heldFast.clear();
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
    leftRoutes.clear();
    natEnabled = false;
  }

  /** Every interface goes, and what an agent that starts removes; routes stay as they are. */
  void clearInterfaces() {
    for (Item item : List.copyOf(running.values())) {
      leftRoutes.leave(item);
    }
    leftRoutes.free();
    running.clear();
    sockets.clear();
  }

  /** Something that nobody told the agent. */
  void foreign(Item item) {
    running.put(item.key(), item);
    if (item.kind() == ItemKind.INTERFACE) {
      leftRoutes.made(item.name());
    }
  }

  /** The translation's global part, which is shown whether it is enabled or not. */
  Nat44Global translation() {
    Item item = running.get(ItemKind.NAT_GLOBAL.prefix());
    return item == null ? Nat44Global.getDefaultInstance() : (Nat44Global) item.message();
  }

  int interfacesCreated() {
    return interfacesCreated;
  }

  int sockets() {
    return sockets.size();
  }

  /**
   * Brings an object to be so.
   *
   * @param known whether the agent knows of the object that runs; if not, it makes it anew
   * @param before what the agent takes for configured: only what differs from it is changed
   */
  void put(Item item, boolean known, Optional<Item> before) throws VppError {
    checkConnected(item.key());
    if (item.message() instanceof Interface face) {
      put(item, face, known, before);
    } else {
      if (item.message() instanceof DNat44 dnat) {
        // Of a static mapping that changes the old content goes first.
        running.remove(item.key());
        checkMappings(item.key(), dnat);
      }
      checkRefusals(item);
      checkLeftRoutes(item);
      enableNat(item, before);
      running.put(item.key(), item);
    }
  }

  /** Stricter than VPP: routes that an agent has left are to be gone before others are sent. */
  private void checkLeftRoutes(Item item) throws VppError {
    if (leftRoutes.areInTheWayOf(item)) {
      throw new VppError(item.key(), "left routes are in the way");
    }
  }

  /** The translation is a plugin that is enabled once; it stays so when an agent ends. */
  private void enableNat(Item item, Optional<Item> before) throws VppError {
    if (item.kind() == ItemKind.NAT_GLOBAL) {
      if (natEnabled && before.isEmpty()) {
        throw new VppError(item.key(), "VPPApiError: -170");
      }
      natEnabled = true;
    }
  }

  /** Somebody disables the translation past the agent. */
  void disableNat() {
    natEnabled = false;
    running.values().removeIf(item -> item.kind().isNat());
  }

  void leave(Route route) {
    leftRoutes.leave(route);
  }

  /** Routes that an agent left, in the words of the state. */
  List<String> leftRoutes() {
    return leftRoutes.words();
  }

  /** Somebody changes an interface past the agent. */
  void alter(String key, UnaryOperator<Interface.Builder> change) {
    Interface face = running(key);
    if (face != null) {
      running.put(key, Item.of(change.apply(face.toBuilder()).build()));
    }
  }

  void remove(String key) throws VppError {
    checkConnected(key);
    Item item = running.get(key);
    if (item != null && heldFast.stream().anyMatch(which -> which.test(item))) {
      if (item.message() instanceof Interface face) {
        Interface bare = face.toBuilder().setEnabled(false).clearIpAddresses().build();
        running.put(key, Item.of(bare));
      }
      throw new VppError(key, "VPPApiError: Unspecified Error (-1)");
    }
    running.remove(key);
    if (item != null) {
      leftRoutes.removed(item);
      natEnabled &= item.kind() != ItemKind.NAT_GLOBAL;
    }
  }

  private void put(Item item, Interface face, boolean known, Optional<Item> before)
      throws VppError {
    Interface old = running(item.key());
    if (old != null && !known && old.hasMemif()) {
      throw new VppError(item.key(), "VPPApiError: Value exist (-81)");
    }
    Interface told = before.map(is -> (Interface) is.message()).orElse(old);
    boolean inPlace =
        old != null && told.getType() == face.getType() && told.getMemif().equals(face.getMemif());
    if (!inPlace) {
      // What an interface is made of cannot be changed: the old one goes first.
      running.remove(item.key());
    }
    checkRefusals(item);
    check(item.key(), face);
    if (!inPlace) {
      create(face);
    }
    checkMtu(item.key(), face, told);
    Interface.Builder made = inPlace ? changed(old, told, face) : face.toBuilder();
    made.clearIpAddresses().addAllIpAddresses(addresses(inPlace ? old : face, told, face));
    running.put(item.key(), Item.of(made.build()));
    for (String address : face.getIpAddressesList()) {
      if (refusedAddresses.contains(address)) {
        throw new VppError(
            "vpp/interface/%s/address/static/%s".formatted(face.getName(), address),
            "VPPApiError: Unspecified Error (-1)");
      }
    }
  }

  /** What runs, with what is told otherwise than before. */
  private static Interface.Builder changed(Interface old, Interface told, Interface face) {
    Interface.Builder made = face.toBuilder().setType(old.getType()).setEnabled(old.getEnabled());
    if (old.hasMemif()) {
      made.setMemif(old.getMemif());
    }
    if (told.getEnabled() != face.getEnabled()) {
      made.setEnabled(face.getEnabled());
    }
    if (face.getMtu() == 0 || face.getMtu() == told.getMtu()) {
      made.setMtu(old.getMtu());
    }
    return made;
  }

  /** What is told and VPP takes, and what it has besides; not what was told before and is gone. */
  private List<String> addresses(Interface old, @Nullable Interface told, Interface face) {
    Set<String> has = withLengths(old);
    Set<String> before = told == null ? Set.of() : withLengths(told);
    List<String> addresses = new ArrayList<>();
    for (String address : face.getIpAddressesList()) {
      String full = withLength(address);
      if (!refusedAddresses.contains(address) && (has.contains(full) || !before.contains(full))) {
        addresses.add(full);
      }
    }
    has.removeAll(before);
    has.removeAll(withLengths(face));
    addresses.addAll(has);
    return addresses;
  }

  private static Set<String> withLengths(Interface face) {
    Set<String> addresses = new LinkedHashSet<>();
    face.getIpAddressesList().forEach(address -> addresses.add(withLength(address)));
    return addresses;
  }

  private @Nullable Interface running(String key) {
    Item item = running.get(key);
    return item != null && item.message() instanceof Interface face ? face : null;
  }

  /** An interface that carries packets without frames has no MTU of its own; it was made by now. */
  private void checkMtu(String key, Interface face, @Nullable Interface told) throws VppError {
    boolean asked = face.getMtu() != 0 && (told == null || told.getMtu() != face.getMtu());
    if (asked && face.getMemif().getMode() == MemifLink.MemifMode.IP && face.hasMemif()) {
      throw new VppError(
          key,
          "failed to set MTU %d to interface %s: VPPApiError: Unsupported (-30)"
              .formatted(face.getMtu(), face.getName()));
    }
  }

  private void checkConnected(String key) throws VppError {
    if (!connected) {
      throw new VppError(key, "VPP is not connected");
    }
  }

  private void checkRefusals(Item item) throws VppError {
    for (Map.Entry<Predicate<Item>, String> refusal : refusals.entrySet()) {
      if (refusal.getKey().test(item)) {
        throw new VppError(item.key(), refusal.getValue());
      }
    }
  }

  /** All running objects, interfaces with what is really configured on them. */
  List<Item> running() {
    List<Item> all = new ArrayList<>();
    for (Item item : running.values()) {
      all.add(item.message() instanceof Interface face ? Item.of(effective(face)) : item);
    }
    return all;
  }

  /** Routes that an agent left, as they lead now. */
  List<Item> shownLeftRoutes() {
    return leftRoutes.shown().stream().filter(item -> !running.containsKey(item.key())).toList();
  }

  /** Whether an object is shown: not a route that VPP did not make. */
  boolean shows(Item item) {
    return !(item.message() instanceof Route) || !leftRoutes.hides(item);
  }

  /**
   * The interface without addresses that wait for a routing table, and without a loan of addresses
   * that nobody has: these are values of their own to the agent, and its answer does not tell.
   */
  private Interface effective(Interface face) {
    Interface.Builder seen = face.toBuilder();
    if (face.getVrf() != 0 && !face.hasUnnumbered() && !hasTables(face)) {
      seen.clearIpAddresses().clearVrf();
    }
    if (face.hasUnnumbered()) {
      Interface lender = lender(face);
      if (lender == null) {
        seen.clearUnnumbered().clearVrf();
      } else {
        // Who borrows an address belongs to the table of who lends it.
        seen.setVrf(lender.getVrf());
      }
    }
    return seen.build();
  }

  /** An interface belongs to its table by way of its addresses: all their families, or none. */
  private boolean hasTables(Interface face) {
    return face.getIpAddressesCount() > 0
        && face.getIpAddressesList().stream()
            .map(address -> InterfaceAddress.parse(address).family())
            .allMatch(family -> has(Item.tableKey(face.getVrf(), family)));
  }

  private @Nullable Interface lender(Interface face) {
    Interface lender = running(Item.interfaceKey(face.getUnnumbered().getInterfaceWithIp()));
    Interface seen = lender == null ? null : effective(lender);
    return seen == null || seen.getIpAddressesCount() == 0 ? null : seen;
  }

  private void create(Interface face) {
    interfacesCreated++;
    leftRoutes.made(face.getName());
    if (face.hasMemif()) {
      sockets.putIfAbsent(face.getMemif().getSocketFilename(), sockets.size() + 1);
    }
  }

  private void check(String key, Interface face) throws VppError {
    for (Item item : running.values()) {
      if (item.message() instanceof Interface other && !other.getName().equals(face.getName())) {
        checkSocket(key, face, other);
        checkAddresses(key, face, other);
      }
    }
  }

  private static void checkSocket(String key, Interface face, Interface other) throws VppError {
    MemifLink mine = face.getMemif();
    MemifLink its = other.getMemif();
    if (face.hasMemif()
        && other.hasMemif()
        && mine.getSocketFilename().equals(its.getSocketFilename())
        && mine.getId() == its.getId()) {
      throw new VppError(key, "VPPApiError: Value exist (-81)");
    }
  }

  /** An address and port of either side are mapped once. */
  private void checkMappings(String key, DNat44 dnat) throws VppError {
    Set<String> taken = new HashSet<>();
    for (Item item : running.values()) {
      if (item.message() instanceof DNat44 other) {
        taken.addAll(mappedPorts(other));
      }
    }
    if (!Collections.disjoint(taken, mappedPorts(dnat))) {
      throw new VppError(key, "VPPApiError: Value exist (-81)");
    }
  }

  private static Set<String> mappedPorts(DNat44 dnat) {
    Set<String> ports = new HashSet<>();
    for (DNat44.StaticMapping mapping : dnat.getStMappingsList()) {
      String transport = mapping.getProtocol().name();
      ports.add(
          "%s outside %s:%d"
              .formatted(transport, mapping.getExternalIp(), mapping.getExternalPort()));
      for (DNat44.StaticMapping.LocalIP local : mapping.getLocalIpsList()) {
        ports.add(
            "%s inside %d %s:%d"
                .formatted(transport, local.getVrfId(), local.getLocalIp(), local.getLocalPort()));
      }
    }
    return ports;
  }

  private void checkAddresses(String key, Interface face, Interface other) throws VppError {
    if (face.getVrf() != other.getVrf()) {
      return;
    }
    for (String address : face.getIpAddressesList()) {
      IpPrefix mine = network(address);
      for (String its : other.getIpAddressesList()) {
        if (mine.overlaps(network(its))) {
          throw new VppError(key, "VPPApiError: Address already present on another interface");
        }
      }
    }
  }

  private IpPrefix network(String address) {
    return networks.computeIfAbsent(address, text -> InterfaceAddress.parse(text).network());
  }

  /** The agent takes an address without length for a host's. */
  private static String withLength(String address) {
    return InterfaceAddress.parse(address).toString();
  }
}
