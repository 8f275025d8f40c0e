package io.vl3.cli.verify;

import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Workload;
import io.vl3.cli.admin.Member;
import io.vl3.linux.Netns;
import io.vl3.net.DomainName;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A workload or an NSE of a network.
 *
 * @param name what it is called
 * @param service its network service, without a domain
 * @param namespace from where it sends; empty: that cannot be entered from here
 * @param addresses where it is reached; an NSE's differ from link to link and are not here
 * @param interfaces its own, with their MTUs
 * @param workload what its process says of it; empty: it is an NSE
 */
record Party(
    String name,
    String service,
    Optional<Netns> namespace,
    List<IpAddress> addresses,
    List<Interface> interfaces,
    Optional<Workload> workload) {

  /** All workloads. */
  static List<Party> workloads(List<Member> members) {
    List<Party> parties = new ArrayList<>();
    for (Member member : members) {
      for (Workload each : member.status().getWorkloadsList()) {
        parties.add(
            new Party(
                each.getName(),
                DomainName.withoutDomain(each.getService()),
                enterable(member, each.getNamespace()),
                each.getAddressesList().stream().flatMap(text -> address(text).stream()).toList(),
                interfaces(member, each.getName()),
                Optional.of(each)));
      }
    }
    return parties;
  }

  /** All NSEs. */
  static List<Party> nses(List<Member> members) {
    List<Party> parties = new ArrayList<>();
    for (Member member : members) {
      for (Nse each : member.status().getNsesList()) {
        parties.add(
            new Party(
                each.getName(),
                DomainName.withoutDomain(each.getService()),
                enterable(member, each.getNamespace()),
                List.of(),
                interfaces(member, each.getName()),
                Optional.empty()));
      }
    }
    return parties;
  }

  /** The MTU of one of its interfaces in bytes; empty if it is not known. */
  Optional<Integer> mtuOf(String interfaceName) {
    return interfaces.stream()
        .filter(each -> each.getName().equals(interfaceName))
        .map(Interface::getMtuBytes)
        .filter(bytes -> bytes > 0)
        .findFirst();
  }

  static Optional<IpAddress> address(String text) {
    return InterfaceAddress.tryParse(text).map(InterfaceAddress::address);
  }

  private static Optional<Netns> enterable(Member member, String file) {
    return Optional.of(file)
        .filter(path -> member.isLocal() && !path.isEmpty())
        .map(path -> new Netns(Path.of(path)))
        .filter(Netns::exists);
  }

  private static List<Interface> interfaces(Member member, String name) {
    return member.interfaces().stream().filter(each -> each.getComponent().equals(name)).toList();
  }
}
