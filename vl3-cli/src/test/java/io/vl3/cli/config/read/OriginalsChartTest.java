package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.Nses;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.Vl3Config;
import io.vl3.endpoint.Description;
import io.vl3.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the original's Helm chart puts into a pod, and its device plugin: all of it, unchanged. */
class OriginalsChartTest {

  @TempDir Path runDirectory;
  private final Map<String, String> pod = new HashMap<>();

  @BeforeEach
  void environment() throws IOException {
    Configs.resource("original-chart/environment")
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(pair -> pod.put(pair[0], pair[1]));
  }

  @Test
  void allThatTheChartSets_isReadWithoutAMistake_andGoesToNsm02() throws Exception {
    Vl3Config config = Configs.read(Configs.resource("original-chart/config.yaml"), pod);

    assertThat(config.nsm().choice().api()).isEqualTo(NsmChoice.Api.V0_2);
    assertThat(config.nsm().legacy().orElseThrow().registry())
        .contains("tcp://nsmgr.nsm-system:5000");
    assertThat(config.nsm().remoteDomains()).containsExactly("198.51.100.1", "198.51.100.2");
    assertThat(config.nsm().insecure()).isTrue();
    assertThat(config.dataplane().type()).isEqualTo(DataPlaneConfig.Type.VPP_AGENT);
    assertThat(config.dataplane().vpp().address()).isEqualTo("localhost:9113");
    assertThat(config.metrics())
        .isEqualTo(new MetricsConfig("0.0.0.0", OptionalInt.of(2112), true));
    assertThat(config.notices())
        .extracting(notice -> notice.replaceFirst(":.*", ""))
        .containsExactlyInAnyOrder(
            "JAEGER_AGENT_PORT, JAEGER_SERVICE_PORT_JAEGER", "NSM_DEVICE_PLUGIN");
    EndpointConfig nse = config.endpoints().get(0);
    assertThat(nse.service()).isEqualTo("vl3-service");
    assertThat(nse.labels()).containsKeys("app", "wcm/nsr.addr", "wcm/nsr.port");
    assertThat(nse.ipam().choice())
        .isEqualTo(new PrefixChoice.Leased("ipam-vl3-service.example.com:50051"));
    assertThat(nse.workloadRegistry())
        .contains(new EndpointConfig.WorkloadRegistry("ipam-vl3-service.example.com:50051", true));
    assertThat(nse.lessee().connectivityDomain()).isEqualTo("vl3-service-connectivity-domain");
    assertThat(nse.dnsZones()).containsExactly("example.com");
  }

  @Test
  void withoutWcmsRegistry_theOctetOrThePodsAddressSaysThePrefix() throws Exception {
    String file = Configs.resource("original-chart/config-without-registry.yaml");

    assertThat(Configs.read(file, pod).endpoints().get(0).ipam().ownPrefixes())
        .containsExactly(IpPrefix.parse("192.168.22.0/24"));
    pod.remove("NSE_IPAM_UNIQUE_OCTET");
    EndpointConfig nse = Configs.read(file, pod).endpoints().get(0);
    assertThat(nse.ipam().ownPrefixes()).containsExactly(IpPrefix.parse("192.168.2.0/24"));
    assertThat(nse.workloadRegistry()).isEmpty();
  }

  @Test
  void whatTheChartLeavesEmpty_isAbsent() throws Exception {
    pod.put("NSM_REMOTE_NS_IP_LIST", "");
    pod.put("METRICS_PORT", "");
    Vl3Config config = Configs.read(Configs.resource("original-chart/config.yaml"), pod);

    assertThat(config.nsm().remoteDomains()).isEmpty();
    assertThat(config.metrics().port()).hasValue(MetricsConfig.ORIGINAL_PORT);
  }

  /** The chains of an NSE that would start so, as {@code vl3 run --verify} prints them. */
  @Test
  void anNseIsBuiltOfIt() throws Exception {
    pod.put("VL3_RUN_DIR", runDirectory.toString());
    Vl3Config config = Configs.read(Configs.resource("original-chart/config.yaml"), pod);

    List<Description> chains = Nses.describe(config, config.endpoints().get(0));

    assertThat(chains.get(0).flatten())
        .extracting(Description::name)
        .contains("Vl3Endpoint", "RegisterWorkload", "SetDnsContext");
  }
}
