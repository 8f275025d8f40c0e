package io.vl3.cli.diagnose.network;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Peer;
import io.vl3.cli.diagnose.scene.Site;
import io.vl3.net.DomainName;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A link of an NSE to a peer that counts as up, over which packets can be tried.
 *
 * @param site where the NSE is
 * @param peer the peer's name, as registered
 * @param prefixes what the peer has announced
 * @param interfaceName the NSE's interface
 * @param address the peer's own address at the link
 * @param mtuBytes the MTU of the interface
 */
record PeerLink(
    Site site,
    String peer,
    List<IpPrefix> prefixes,
    String interfaceName,
    IpAddress address,
    int mtuBytes) {

  /** Those of an NSE. */
  static Stream<PeerLink> of(Site site) {
    return site.status().stream()
        .flatMap(nse -> nse.getPeersList().stream())
        .filter(peer -> peer.getState().equals("up"))
        .flatMap(peer -> of(site, peer).stream());
  }

  private static Optional<PeerLink> of(Site site, Peer peer) {
    for (Connection connection : site.connections()) {
      boolean dialled = connection.getKind().equals("dialled");
      boolean same = connection.getOther().equals(peer.getName());
      if (same && (dialled || connection.getKind().equals("peer"))) {
        Optional<IpAddress> other =
            address(
                dialled
                    ? connection.getEndpointAddressesList()
                    : connection.getClientAddressesList());
        Optional<Interface> own =
            site.interfaces().stream()
                .filter(each -> each.getName().equals(connection.getInterface()))
                .findFirst();
        if (other.isPresent() && own.isPresent()) {
          return Optional.of(
              new PeerLink(
                  site,
                  peer.getName(),
                  peer.getPrefixesList().stream()
                      .flatMap(text -> IpPrefix.tryParse(text).stream())
                      .toList(),
                  own.get().getName(),
                  other.get(),
                  own.get().getMtuBytes()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<IpAddress> address(List<String> texts) {
    return texts.stream()
        .flatMap(text -> InterfaceAddress.tryParse(text).stream())
        .map(InterfaceAddress::address)
        .findFirst();
  }

  /** Whether the peer has announced the address. */
  boolean leadsTo(IpAddress target) {
    return prefixes.stream().anyMatch(prefix -> prefix.contains(target));
  }

  /** The peer's name without domain. */
  String plainPeer() {
    return DomainName.withoutDomain(peer);
  }
}
