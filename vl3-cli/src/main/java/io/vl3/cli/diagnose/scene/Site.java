package io.vl3.cli.diagnose.scene;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Nse;
import io.vl3.linux.Netns;
import io.vl3.net.DomainName;
import java.util.List;
import java.util.Optional;

/**
 * The network namespace of an NSE whose data plane is the kernel.
 *
 * @param nse the NSE's name, without domain
 * @param netns the namespace
 * @param subject whose process it is
 */
public record Site(String nse, Netns netns, Subject subject) {

  /** The NSE's own status; empty if it gives none. */
  public Optional<Nse> status() {
    return subject.nses().stream()
        .filter(status -> DomainName.withoutDomain(status.getName()).equals(nse))
        .findFirst();
  }

  /** Its connections, as it says. */
  public List<Connection> connections() {
    return subject
        .says()
        .map(
            member ->
                member.connections().stream()
                    .filter(each -> DomainName.withoutDomain(each.getNse()).equals(nse))
                    .toList())
        .orElse(List.of());
  }

  /** Its interfaces, as the kernel had them when it was asked. */
  public List<Interface> interfaces() {
    return subject
        .says()
        .map(
            member ->
                member.interfaces().stream()
                    .filter(each -> DomainName.withoutDomain(each.getComponent()).equals(nse))
                    .toList())
        .orElse(List.of());
  }

  /** For people. */
  public String namespace() {
    return "namespace " + netns.path().getFileName();
  }
}
