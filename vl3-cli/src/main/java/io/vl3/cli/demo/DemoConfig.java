package io.vl3.cli.demo;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration file of each NSE: what a user would write by hand. */
final class DemoConfig {

  private DemoConfig() {}

  static String of(DemoPlan plan, Domain domain, Nse nse) {
    return """
        endpoints:
        - name: %s
          nseName: %s
          vl3:
            ipam: {defaultPrefixPool: %s, prefixLength: 24, prefix: %s}
        nsm:
          api: embedded
          remoteDomains: [%s]
          manager: {listenOn: "tcp://%s", tunnelIp: %s, insecure: true}
        """
        .formatted(
            DemoPlan.SERVICE,
            nse.name(),
            DemoPlan.POOL,
            nse.prefix(),
            others(plan, domain).stream()
                .map(address -> '"' + address + '"')
                .collect(Collectors.joining(", ")),
            domain.managerAddress(),
            domain.underlayAddress());
  }

  private static List<String> others(DemoPlan plan, Domain domain) {
    return plan.domains().stream()
        .filter(other -> !other.equals(domain))
        .map(Domain::managerAddress)
        .toList();
  }
}
