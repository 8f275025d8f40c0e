package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.IpamConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.Vl3Config;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Pod specs and files of the shapes that are in use: those of NSM's published deployments, its
 * compose file, and the charts of the original.
 */
class RealFilesTest {

  private static final String AGENT = "unix:///run/spire/sockets/agent.sock";

  @Test
  void floatingEndpoint_keepsItsNameAndServiceWithTheirDomain() {
    Map<String, String> pod =
        pod(
            "NSM_NAME", "nse-a@my.cluster9",
            "NSM_SERVICE_NAMES", "floating-net@my.cluster9",
            "NSM_REGISTER_SERVICE", "false",
            "NSM_PREFIX_SERVER_URL", "tcp://ipam.ns-floating.my.cluster9:5006",
            "NSM_DNS_TEMPLATES",
                "{{ index .Labels \"podName\" }}.{{ target .NetworkService }}.{{ domain"
                    + " .NetworkService }}.",
            "POD_NAME", "nse-a-7d5f");
    Vl3Config config = load(pod);
    EndpointConfig endpoint = config.endpoints().get(0);
    assertThat(endpoint.name()).isEqualTo("nse-a@my.cluster9");
    assertThat(endpoint.bareName()).isEqualTo("nse-a");
    assertThat(endpoint.service()).isEqualTo("floating-net@my.cluster9");
    assertThat(endpoint.bareService()).isEqualTo("floating-net");
    assertThat(endpoint.homeDomain()).contains("my.cluster9");
    assertThat(endpoint.labels()).containsEntry("podName", "nse-a-7d5f");
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void composeFile_namesAManagerWithoutPort_andWhatIsNotDoneHereIsSaidOncePerCause() {
    Map<String, String> container = new HashMap<>();
    container.put("NSM_NAME", "outside@k.example");
    container.put("NSM_SERVICE_NAMES", "outside-net@k.example");
    container.put("NSM_CONNECT_TO", "tcp://k.example");
    container.put("NSM_FEDERATES_WITH", "k.example");
    container.put("NSM_TRUST_DOMAIN", "outside.example");
    container.put("NSM_LOG_LEVEL", "TRACE");
    container.put("SPIFFE_ENDPOINT_SOCKET", AGENT);
    Vl3Config config = load(container);
    assertThat(config.nsm().choice().address()).isEqualTo("tcp://k.example:5001");
    assertThat(config.endpoints().get(0).homeDomain()).contains("k.example");
    assertThat(config.notices())
        .containsExactly(
            "NSM_FEDERATES_WITH, NSM_TRUST_DOMAIN: without effect: no SPIRE is started here;"
                + " nsm.tls says whose SVID is used");
  }

  @Test
  void scaledEndpoint_endsWhenIdle_andCarriesTheLabelsThatSelectorsGoBy() {
    Map<String, String> pod =
        pod(
            "NSM_NAME", "nse-scaled",
            "NSM_SERVICE_NAMES", "scaled-net",
            "NSM_REGISTER_SERVICE", "false",
            "NSM_IDLE_TIMEOUT", "15s",
            "NSM_LABELS", "app:nse,capability:vl3",
            "NSM_REQUEST_LABELS", "capability:vl3",
            "POD_NAME", "nse-scaled-1",
            "NODE_NAME", "node-3");
    Vl3Config config = load(pod);
    assertThat(config.nsm().nse().idleTimeout()).contains(Duration.ofSeconds(15));
    assertThat(config.nsm().nse().registerService()).isFalse();
    assertThat(config.endpoints().get(0).labels())
        .isEqualTo(
            Map.of(
                "app",
                "nse",
                "capability",
                "vl3",
                "podName",
                "nse-scaled-1",
                "nodeName",
                "node-3"));
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void dualStackPod_asksAPrefixServerPerFamily() {
    Map<String, String> pod =
        pod("NSM_NAME", "nse-ds", "NSM_PREFIX_SERVER_URL", "ipam-v4:5006,ipam-v6:5006");
    IpamConfig ipam = load(pod).endpoints().get(0).ipam();
    assertThat(ipam.choice())
        .isEqualTo(new PrefixChoice.Served(List.of("tcp://ipam-v4:5006", "tcp://ipam-v6:5006")));
    assertThat(ipam.addressing()).isEqualTo(AddressingMode.UNNUMBERED);
  }

  /** Kubernetes says of every service of the namespace where it is, whatever its name. */
  @Test
  void whatKubernetesSetsForServices_isNoMistakeAndNoNotice() {
    Map<String, String> pod = pod("NSM_NAME", "nse-a", "NSM_REGISTRY_SERVICE_HOST", "10.96.0.9");
    pod.put("NSM_REGISTRY_SERVICE_PORT", "5002");
    pod.put("NSM_REGISTRY_PORT", "tcp://10.96.0.9:5002");
    pod.put("NSM_REGISTRY_PORT_5002_TCP_ADDR", "10.96.0.9");
    pod.put("VL3_IPAM_SERVICE_HOST", "10.96.0.10");
    pod.put("VL3_IPAM_PORT_5006_TCP", "tcp://10.96.0.10:5006");
    assertThat(load(pod).notices()).isEmpty();
  }

  /** The chart of the original, with its own default values and an octet. */
  @Test
  void originalsChart_isReadWithItsPodsVariables() {
    String file =
        """
        endpoints:
        - name: "my-vl3"
          labels:
            app: "vl3-nse-my-vl3"
            wcm/nsr.addr: "my-vl3.example.com"
            wcm/nsr.port: "5005"
          nseControl:
            name: "my-vl3"
            address: "my-vl3.example.com"
            connectivityDomain: "my-vl3-connectivity-domain"
          vl3:
           ipam:
              defaultPrefixPool: "192.168.0.0/16"
              serverAddress: "ipam-my-vl3.example.com:50051"
              prefixLength: 22
              routes: []
           ifName: "endpoint0"
           nameServers:
              - 192.0.2.4
           dnsZones:
              - example.net
        """;
    Map<String, String> pod = new HashMap<>();
    pod.put("ENDPOINT_NETWORK_SERVICE", "another-name");
    pod.put("ENDPOINT_LABELS", "app=another,more=1");
    pod.put("TRACER_ENABLED", "true");
    pod.put("JAEGER_SERVICE_HOST", "jaeger.example");
    pod.put("JAEGER_AGENT_PORT", "6831");
    pod.put("NSREGISTRY_ADDR", "nsmgr.example");
    pod.put("NSREGISTRY_PORT", "5000");
    pod.put("INSECURE", "true");
    pod.put("NSE_IPAM_UNIQUE_OCTET", "22");
    pod.put("NSE_POD_IP", "10.244.3.9");
    pod.put("NSM_REMOTE_NS_IP_LIST", "203.0.113.7,fd00::7");
    pod.put("METRICS_PORT", "2112");
    Vl3Config config = Configs.read(file, pod);
    EndpointConfig endpoint = config.endpoints().get(0);
    assertThat(endpoint.service()).isEqualTo("my-vl3");
    assertThat(endpoint.labels())
        .containsOnlyKeys("app", "wcm/nsr.addr", "wcm/nsr.port")
        .containsEntry("app", "vl3-nse-my-vl3");
    assertThat(endpoint.ipam().choice())
        .isEqualTo(new PrefixChoice.Leased("ipam-my-vl3.example.com:50051"));
    assertThat(endpoint.ipam().prefixLengths()).containsExactly(22);
    assertThat(config.nsm().remoteDomains()).containsExactly("203.0.113.7", "[fd00::7]");
    assertThat(config.tracing().on()).isTrue();
    assertThat(config.tracing().endpoint()).hasToString("http://jaeger.example:4317");
    assertThat(config.notices())
        .containsExactly(
            "JAEGER_AGENT_PORT: without effect: spans go out by OTLP, which Jaeger takes at port"
                + " 4317; tracing.endpoint says where",
            "NSREGISTRY_ADDR, NSREGISTRY_PORT: without effect: no NSM 0.2 is used");
  }

  /** The chart of the original's other product: a pool that is all the endpoint's. */
  @Test
  void originalsVpnChart_ownsItsWholePool() {
    String file =
        """
        endpoints:
        - name: "hello"
          labels:
            app: "vl3-nse-hello"
          vl3:
            ipam:
              defaultPrefixPool: "172.31.22.0/24"
              routes: ["172.31.23.0/24"]
            ifName: "endpoint0"
        """;
    Map<String, String> pod =
        Map.of("NSE_POD_IP", "172.17.0.3", "NSE_NAT_IP", "198.51.100.3", "INSECURE", "T");
    Vl3Config config = Configs.read(file, pod);
    assertThat(config.endpoints().get(0).ipam().ownPrefixes())
        .containsExactly(IpPrefix.parse("172.31.22.0/24"));
    assertThat(config.endpoints().get(0).ipam().routes())
        .containsExactly(IpPrefix.parse("172.31.23.0/24"));
    assertThat(config.dataplane().vpp().natAddress()).contains(IpAddress.parse("198.51.100.3"));
    assertThat(config.nsm().insecure()).isTrue();
  }

  private static Map<String, String> pod(String... pairs) {
    Map<String, String> pod = new HashMap<>();
    pod.put("SPIFFE_ENDPOINT_SOCKET", AGENT);
    pod.put("NSM_LOG_LEVEL", "TRACE");
    for (int i = 0; i < pairs.length; i += 2) {
      pod.put(pairs[i], pairs[i + 1]);
    }
    return pod;
  }

  private static Vl3Config load(Map<String, String> variables) {
    assertThat(Optional.of(ConfigFile.STANDARD)).get().matches(path -> !path.toFile().exists());
    return ConfigFile.load(ConfigFile.STANDARD, variables, Overrides.NONE);
  }
}
