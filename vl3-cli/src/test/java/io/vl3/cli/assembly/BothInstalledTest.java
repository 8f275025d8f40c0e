package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.InstalledRoute;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.KernelWay;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BothInstalledTest {

  private static final KernelWay WAY = KernelWay.of("nse");
  private static final IpAddress HOP = WAY.hops().get(0).kernel();
  private static final InstalledRoute TO_VPP =
      new InstalledRoute(
          IpPrefix.parse("0.0.0.0/0"), Optional.of(WAY.hops().get(0).vpp()), "vpp", 0);

  @Test
  void routeIntoTheNamespace_goesOnByTheNamespacesOwn() {
    InstalledLinks both =
        BothInstalled.of(
            links(
                route("10.60.1.5/32", Optional.of(HOP), "host"),
                route(HOP.toPrefix().toString(), Optional.empty(), "host"),
                route("10.60.2.0/24", Optional.empty(), "memif")),
            links(TO_VPP, route("10.60.1.4/30", Optional.empty(), "vl3-a")),
            WAY);

    assertThat(both.hostsOnly()).isTrue();
    assertThat(both.routes())
        .containsExactly(
            route("10.60.1.5/32", Optional.empty(), "vl3-a"),
            route("10.60.2.0/24", Optional.empty(), "memif"));
  }

  @Test
  void routeIntoTheNamespace_thatWouldLeadBack_isNone() {
    InstalledLinks both =
        BothInstalled.of(
            links(route("10.60.1.5/32", Optional.of(HOP), "host")), links(TO_VPP), WAY);

    assertThat(both.routes()).isEmpty();
  }

  @Test
  void routeThatVppLacks_isNone_thoughTheNamespaceHasIt() {
    InstalledLinks both =
        BothInstalled.of(
            links(), links(TO_VPP, route("10.60.1.4/30", Optional.empty(), "vl3-a")), WAY);

    assertThat(both.routes()).isEmpty();
  }

  private static InstalledLinks links(InstalledRoute... routes) {
    return new InstalledLinks(List.of(), List.of(routes));
  }

  private static InstalledRoute route(
      String destination, Optional<IpAddress> gateway, String interfaceName) {
    return new InstalledRoute(IpPrefix.parse(destination), gateway, interfaceName, 0);
  }
}
