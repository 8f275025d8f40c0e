package io.vl3.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigReportTest {

  @Test
  void report_saysWhatIsChosen_why_andTheChain() throws ConfigException {
    Vl3Config config =
        ConfigReader.read(
            "vl3.yaml",
            """
            endpoints:
            - name: vl3-service
              nseName: nse-1
              labels: {app: vl3, b: c}
              vl3:
                ipam: {defaultPrefixPool: 10.60.0.0/16, excludedPrefixes: [10.60.9.0/24]}
            nsm: {remoteDomains: ["10.0.0.7:5000"]}
            """,
            Map.of("NSE_IPAM_UNIQUE_OCTET", "5"),
            Overrides.NONE);
    Description chain =
        new Description(
            "chain", "", Endpoint.class, Set.of(), List.of(element("UpdatePath"), element("Vl3")));
    assertThat(ConfigReport.text("vl3.yaml", config, Map.of("nse-1", List.of(chain))))
        .isEqualTo(
            """
            vl3.yaml: ok
            nsm: the machine's embedded manager (no nsm section names another, NSM_CONNECT_TO is \
            not set)
            tls: none
            data plane: kernel
            run directory: /run/vl3
            journals: /run/vl3/journal
            remote domains: 10.0.0.7:5000
            endpoint nse-1:
              service: vl3-service
              labels: app=vl3, b=c
              pool: 10.60.0.0/16
              prefix: 10.60.5.0/24 (NSE_IPAM_UNIQUE_OCTET)
              addressing: point-to-point
              excluded: 10.60.9.0/24
              interface: endpoint0
              chain chain:
                UpdatePath: does UpdatePath
                Vl3: does Vl3
            """);
  }

  private static Description element(String name) {
    return new Description(name, "does " + name, Endpoint.class, Set.of(), List.of());
  }
}
