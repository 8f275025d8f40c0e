package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.PortForward;
import io.vl3.dataplane.Translation;
import io.vl3.net.IpAddress;
import io.vl3.vpp.VppSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NAT44 of a link as the original did it: the interface is inside, one pool of one address, and a
 * static mapping for each forwarded port. Nothing, where no NAT address is set.
 */
final class NatRenderer {

  private final VppSettings settings;
  private final OwnerNames names;

  NatRenderer(VppSettings settings, OwnerNames names) {
    this.settings = settings;
    this.names = names;
  }

  List<Item> items(Link link, String interfaceName) {
    List<Item> items = new ArrayList<>();
    if (settings.natAddress().isEmpty() || link.translation().isEmpty()) {
      return items;
    }
    IpAddress address = settings.natAddress().get();
    items.add(Item.of(Nat44Global.getDefaultInstance()));
    items.add(Item.of(pool(address)));
    items.add(
        Item.of(Nat44Interface.newBuilder().setName(interfaceName).setNatInside(true).build()));
    forwards(link).forEach(forward -> items.add(Item.of(mapping(link, forward, address))));
    return items;
  }

  /** The port of the NAT address, which leads to one client; empty where none is set. */
  Optional<String> claim(PortForward forward) {
    return settings
        .natAddress()
        .map(
            address -> "NAT %s %s port %d".formatted(address, forward.transport(), forward.port()));
  }

  static List<PortForward> forwards(Link link) {
    return link.translation().map(Translation::forwards).orElse(List.of());
  }

  private Nat44AddressPool pool(IpAddress address) {
    return Nat44AddressPool.newBuilder()
        .setVrfId(settings.vrf())
        .setFirstIp(address.toString())
        .build();
  }

  private DNat44 mapping(Link link, PortForward forward, IpAddress address) {
    String transport = forward.transport().name();
    return DNat44.newBuilder()
        .setLabel(
            names.forwardLabel(
                link.key(), transport.toLowerCase(Locale.ROOT) + "-" + forward.port()))
        .addStMappings(
            DNat44.StaticMapping.newBuilder()
                .setProtocol(DNat44.Protocol.valueOf(transport))
                .setExternalIp(address.toString())
                .setExternalPort(forward.port())
                .addLocalIps(
                    DNat44.StaticMapping.LocalIP.newBuilder()
                        .setVrfId(settings.vrf())
                        .setLocalIp(forward.client().toString())
                        .setLocalPort(forward.port())))
        .build();
  }
}
