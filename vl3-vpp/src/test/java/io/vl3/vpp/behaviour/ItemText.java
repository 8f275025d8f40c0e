package io.vl3.vpp.behaviour;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Configured objects as one line each, without what every VPP fills in its own way. */
final class ItemText {

  private static final Set<String> NOWHERE = Set.of("", "0.0.0.0", "::");

  private ItemText() {}

  /** Every object, in the order of the message. */
  static List<String> lines(ConfigData data) {
    List<String> lines = new ArrayList<>();
    data.getInterfacesList().forEach(one -> lines.add(text(one)));
    data.getVrfsList().forEach(one -> lines.add("vrf " + one.getId() + " " + one.getLabel()));
    data.getRoutesList().forEach(one -> lines.add(text(one)));
    if (data.hasNat44Global()) {
      lines.add("nat44" + (data.getNat44Global().getForwarding() ? " forwarding" : ""));
    }
    data.getNat44InterfacesList().forEach(one -> lines.add(text(one)));
    data.getNat44PoolsList().forEach(one -> lines.add(text(one)));
    data.getDnat44SList().forEach(one -> lines.add(text(one)));
    return lines;
  }

  /** The objects that scenarios make, sorted. */
  static List<String> ours(ConfigData data) {
    return lines(data).stream()
        .filter(
            line ->
                line.contains(Items.NAME)
                    || line.contains(LinkTranscript.NAMES.label())
                    || line.contains(" 198.1")
                    || line.startsWith("nat44"))
        .sorted()
        .toList();
  }

  /**
   * What of a dump is running: NAT's defaults say nothing, routes over an interface that is gone
   * lead nowhere, and those to an interface's own networks VPP makes by itself.
   */
  static ConfigData running(ConfigData dump) {
    Map<String, Set<IpPrefix>> networks = new HashMap<>();
    for (Interface face : dump.getInterfacesList()) {
      networks.put(
          face.getName(),
          face.getIpAddressesList().stream()
              .map(address -> InterfaceAddress.parse(address).network())
              .collect(Collectors.toSet()));
    }
    ConfigData.Builder running = dump.toBuilder().clearRoutes();
    for (Route route : dump.getRoutesList()) {
      Set<IpPrefix> connected = networks.get(route.getOutgoingInterface());
      IpPrefix to = InterfaceAddress.parse(route.getDstNetwork()).network();
      if (connected != null && connected.stream().noneMatch(own -> own.overlaps(to))) {
        running.addRoutes(route);
      }
    }
    if (!dump.getNat44Global().getForwarding()) {
      running.clearNat44Global();
    }
    return running.build();
  }

  private static String text(Interface one) {
    StringBuilder text = new StringBuilder("interface ").append(one.getName());
    text.append(' ').append(one.getType().name().toLowerCase(Locale.ROOT));
    text.append(one.getEnabled() ? " up" : " down");
    List<String> addresses = new ArrayList<>(one.getIpAddressesList());
    Collections.sort(addresses);
    addresses.forEach(address -> text.append(' ').append(address));
    if (one.hasUnnumbered()) {
      text.append(" unnumbered ").append(one.getUnnumbered().getInterfaceWithIp());
    }
    number(text, "vrf", one.getVrf());
    number(text, "mtu", one.getMtu());
    if (one.hasMemif()) {
      text.append(one.getMemif().getMaster() ? " master " : " slave ");
      text.append(one.getMemif().getSocketFilename());
    }
    return text.toString();
  }

  private static String text(Route one) {
    StringBuilder text = new StringBuilder("route ").append(one.getDstNetwork());
    if (!NOWHERE.contains(one.getNextHopAddr())) {
      text.append(" via ").append(one.getNextHopAddr());
    }
    text.append(' ').append(one.getOutgoingInterface());
    number(text, "vrf", one.getVrfId());
    number(text, "preference", one.getPreference());
    return text.toString();
  }

  private static String text(Nat44Interface one) {
    return "nat44 interface "
        + one.getName()
        + (one.getNatInside() ? " inside" : "")
        + (one.getNatOutside() ? " outside" : "");
  }

  private static String text(Nat44AddressPool one) {
    return "nat44 pool " + one.getFirstIp();
  }

  private static String text(DNat44 one) {
    return "nat44 forward "
        + one.getLabel()
        + one.getStMappingsList().stream()
            .map(
                mapping ->
                    " %s:%d -> %s:%d"
                        .formatted(
                            mapping.getExternalIp(),
                            mapping.getExternalPort(),
                            mapping.getLocalIps(0).getLocalIp(),
                            mapping.getLocalIps(0).getLocalPort()))
            .collect(Collectors.joining());
  }

  private static void number(StringBuilder text, String name, int value) {
    if (value != 0) {
      text.append(' ').append(name).append(' ').append(value);
    }
  }
}
