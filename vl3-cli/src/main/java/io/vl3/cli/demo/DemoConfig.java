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
          listenOn: "tcp://%s"
          insecure: true
          remoteDomains: [%s]
        """
        .formatted(
            DemoPlan.SERVICE,
            nse.name(),
            DemoPlan.POOL,
            nse.prefix(),
            domain.managerAddress(),
            others(plan, domain).stream()
                .map(address -> '"' + address + '"')
                .collect(Collectors.joining(", ")));
  }

  private static List<String> others(DemoPlan plan, Domain domain) {
    return plan.domains().stream()
        .filter(other -> !other.equals(domain))
        .map(Domain::managerAddress)
        .toList();
  }
}
