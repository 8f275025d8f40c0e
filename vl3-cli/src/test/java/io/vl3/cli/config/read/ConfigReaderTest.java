package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.MeshConfig;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.MemifSettings;
import io.vl3.vpp.VppSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {

  @Test
  void nameTemplates_areOfTheEndpoint_andTheVariableBeatsThem() {
    String text =
        Configs.MINIMAL
            + "    dns: {templates: ['{{ index .Labels \"app\" }}.{{ .NetworkService }}.']}\n";
    assertThat(Configs.read(text).endpoints().get(0).nameTemplates())
        .hasToString("[{{ index .Labels \"app\" }}.{{ .NetworkService }}.]");
    assertThat(
            Configs.read(text, Map.of("NSM_DNS_TEMPLATES", "a.b.,c.b."))
                .endpoints()
                .get(0)
                .nameTemplates())
        .hasToString("[a.b., c.b.]");
    assertThat(Configs.read(Configs.MINIMAL).endpoints().get(0).nameTemplates()).isEmpty();
  }

  @Test
  void foreignNames_areRefused_unlessTheFileSaysThatThereAreNone() {
    assertThat(Configs.read(Configs.MINIMAL).endpoints().get(0).foreignNames())
        .isEqualTo(ForeignNames.REFUSED);
    String text = Configs.MINIMAL + "    dns: {templates: [x.y.], foreignNames: %s}\n";
    assertThat(Configs.read(text.formatted("nxdomain")).endpoints().get(0).foreignNames())
        .isEqualTo(ForeignNames.NXDOMAIN);
    assertThat(Configs.mistakes(text.formatted("none"), Map.of(), Overrides.NONE))
        .singleElement()
        .asString()
        .contains("endpoints[0].vl3.dns.foreignNames: none (expected: one of refused, nxdomain");
  }

  @Test
  void namesWithVpp_areRefused_forTheServerCouldNotBeReached() {
    String text = Configs.MINIMAL + "    dns: {templates: [x.y.]}\ndataplane: {type: vpp-agent}\n";
    assertThat(Configs.mistakes(text, Map.of("NSM_DNS_TEMPLATES", "a.b."), Overrides.NONE))
        .containsExactly(
            "vl3.yaml:6:23: endpoints[0].vl3.dns.templates[0]: x.y. (expected: none with"
                + " dataplane.type: vpp-agent, whose addresses are in VPP)",
            "NSM_DNS_TEMPLATES: a.b. (expected: none with dataplane.type: vpp-agent, whose"
                + " addresses are in VPP)");
    assertThat(Configs.mistakes(Configs.MINIMAL + "    dns: {templates: ['{{ .Id }}.']}\n"))
        .singleElement()
        .asString()
        .startsWith("vl3.yaml:6:23: endpoints[0].vl3.dns.templates[0]: {{ .Id }}. (expected: ")
        .endsWith("; not {{ .Id }})");
  }

  @Test
  void originalsFile_isReadUnchanged() throws IOException {
    Vl3Config config =
        Configs.read(
            Configs.resource("original.yaml"),
            Map.of("NSE_IPAM_UNIQUE_OCTET", "5", "NSE_POD_IP", "10.1.9.3"));

    EndpointConfig endpoint = config.endpoints().get(0);
    assertThat(endpoint.service()).isEqualTo("vl3-service");
    assertThat(endpoint.labels()).containsExactly(Map.entry("app", "vl3-nse-vl3-service"));
    assertThat(endpoint.lessee()).isEqualTo(new EndpointConfig.Lessee("_vl3-service", "", "cd1"));
    assertThat(endpoint.interfaceName()).isEqualTo("endpoint0");
    assertThat(endpoint.ipam().serverAddress()).isEmpty();
    assertThat(endpoint.ipam().ownPrefixes()).containsExactly(IpPrefix.parse("192.168.5.0/24"));
    assertThat(config.nsm().choice().api()).isEqualTo(NsmChoice.Api.EMBEDDED);
  }

  @Test
  void originalsReadme_podOctetGivesThePrefix() {
    Vl3Config config = Configs.read(Configs.MINIMAL, Map.of("NSE_POD_IP", "192.150.232.9"));
    assertThat(config.endpoints().get(0).ipam().ownPrefixes())
        .containsExactly(IpPrefix.parse("10.60.232.0/24"));
  }

  @Test
  void ownPrefix_isChosenByOptionThenFileThenServerThenPod() {
    Map<String, String> pod = Map.of("NSE_POD_IP", "10.0.7.1");
    assertThat(own(Configs.MINIMAL, pod)).containsExactly("10.60.7.0/24");
    assertThat(own(Configs.MINIMAL, Map.of())).containsExactly("10.60.0.0/24");
    assertThat(own(Configs.MINIMAL + "      prefixIndex: 3\n", pod))
        .containsExactly("10.60.3.0/24");
    assertThat(own(Configs.MINIMAL + "      prefix: 10.60.8.0/22\n", pod))
        .containsExactly("10.60.8.0/22");
    assertThat(own(Configs.MINIMAL + "      serverAddress: ipam:50051\n", pod)).isEmpty();
  }

  @Test
  void tls_isWhatIsAskedFor_andTheVariableIsForManagersOfV1() {
    Map<String, String> agent = Map.of("SPIFFE_ENDPOINT_SOCKET", "unix:///run/agent.sock");
    assertThat(tls(Configs.MINIMAL, Map.of())).isEqualTo(new TlsConfig.None());
    assertThat(tls(Configs.MINIMAL, agent)).isEqualTo(new TlsConfig.None());
    String v1 = Configs.MINIMAL + "nsm: {connectTo: 'tcp://10.0.0.1:5000'}\n";
    assertThat(tls(v1, agent)).isEqualTo(new TlsConfig.Spiffe("unix:///run/agent.sock"));
    assertThat(tls(Configs.MINIMAL + "nsm: {tls: {source: spiffe}}\n", agent))
        .isEqualTo(new TlsConfig.Spiffe("unix:///run/agent.sock"));
    assertThat(
            tls(
                Configs.MINIMAL
                    + "nsm: {listenOn: 'tcp://0.0.0.0:5000', tls: {certificate: /a, key: /b, trust:"
                    + " /c}}\n",
                agent))
        .isEqualTo(new TlsConfig.Files(Path.of("/a"), Path.of("/b"), Path.of("/c")));
    assertThat(tls(Configs.MINIMAL + "nsm: {connectTo: 'unix:///m', tls: {source: none}}\n", agent))
        .isEqualTo(new TlsConfig.None());
  }

  @Test
  void aVppWithoutAgent_isWhereItsPackagePutsIt_unlessTheFileSaysOtherwise() {
    DataPlaneConfig usual = Configs.read(Configs.MINIMAL + "dataplane: {type: vpp}\n").dataplane();
    assertThat(usual.type()).isEqualTo(DataPlaneConfig.Type.VPP);
    assertThat(usual.vpp().socket()).isEqualTo(VppSocket.of(Path.of("/run/vpp/api.sock")));
    assertThat(usual)
        .hasToString(
            "vpp at /run/vpp/api.sock, kernel interfaces by veth, vrf 0, sockets /run/vl3/memif, NAT none");
    assertThat(
            Configs.mistakes(
                Configs.MINIMAL + "dataplane: {type: vpp, socket: api.sock, apiDirectory: x}\n"))
        .hasSize(2)
        .anyMatch(line -> line.contains("dataplane.socket: api.sock"))
        .anyMatch(line -> line.contains("dataplane.apiDirectory: x"));
  }

  @Test
  void dataPlane_isReadWhole_andTheVariableBeatsTheFilesNatAddress() {
    String text =
        Configs.MINIMAL
            + """
            dataplane:
              type: vpp-agent
              address: agent.example:9114
              socket: /run/vpp-2/api.sock
              apiDirectory: /opt/vpp/api
              kernel: false
              vrf: 7
              memif: {ringSize: 2048, rxMode: polling, rxQueues: 2, txQueues: 3, mtu: 1400, socketDirectory: /s}
              nat: {address: 198.51.100.1}
              leftovers: {graceSeconds: 5, keep: true}
            """;
    DataPlaneConfig.VppConfig vpp = Configs.read(text).dataplane().vpp();
    assertThat(vpp)
        .isEqualTo(
            new DataPlaneConfig.VppConfig(
                "agent.example:9114",
                new VppSocket(Path.of("/run/vpp-2/api.sock"), List.of(Path.of("/opt/vpp/api"))),
                new MemifSettings(2048, MemifSettings.RxMode.POLLING, 2, 3, 1400),
                Optional.of(Path.of("/s")),
                false,
                7,
                Optional.of(IpAddress.parse("198.51.100.1")),
                Duration.ofSeconds(5),
                true));
    Vl3Config pod = Configs.read(text, Map.of("NSE_NAT_IP", "203.0.113.5"));
    assertThat(pod.dataplane().vpp().natAddress()).contains(IpAddress.parse("203.0.113.5"));
    assertThat(Configs.mistakes(text, Map.of("NSE_NAT_IP", "2001:db8::1"), Overrides.NONE))
        .singleElement()
        .asString()
        .contains("NSE_NAT_IP: 2001:db8::1 (expected: an IPv4 address, as in 203.0.113.5)");
  }

  @Test
  void liveness_isReadFromTheFile() {
    String text = Configs.MINIMAL + "nsm: {livenessInterval: 3s, livenessTimeout: 750ms}\n";
    assertThat(Configs.read(text).nsm().nse().liveness())
        .contains(new NseSettings.Liveness(Duration.ofSeconds(3), Duration.ofMillis(750)));
  }

  @Test
  void tokenLifetime_isReadAsGoWritesIt() {
    assertThat(Configs.read(Configs.MINIMAL).nsm().tokenLifetime())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(
            Configs.read(Configs.MINIMAL, Map.of("NSM_MAX_TOKEN_LIFETIME", "1h30m"))
                .nsm()
                .tokenLifetime())
        .isEqualTo(Duration.ofMinutes(90));
  }

  @Test
  void aClient_readsTheSectionOfTheManagerAlone() throws ConfigException {
    NsmConfig file =
        ConfigReader.readClient(
                "client.yaml",
                "nsm: {connectTo: 'unix:///m', tls: {workloadApi: 'unix:///agent'}}",
                Map.of(),
                Overrides.NONE)
            .nsm();
    assertThat(file.choice().address()).isEqualTo("unix:///m");
    assertThat(file.tls()).isEqualTo(new TlsConfig.Spiffe("unix:///agent"));
    NsmConfig option =
        ConfigReader.readClient(
                "environment",
                "{}",
                Map.of("SPIFFE_ENDPOINT_SOCKET", "unix:///agent"),
                Overrides.NONE.withConnectTo(Optional.of("tcp://10.0.0.1:5000")))
            .nsm();
    assertThat(option.choice().address()).isEqualTo("tcp://10.0.0.1:5000");
    assertThat(option.tls().on()).isTrue();
    assertThat(
            ConfigReader.readClient("environment", "{}", Map.of(), Overrides.NONE)
                .nsm()
                .choice()
                .api())
        .isEqualTo(NsmChoice.Api.EMBEDDED);
  }

  private static TlsConfig tls(String text, Map<String, String> variables) {
    return Configs.read(text, variables).nsm().tls();
  }

  @Test
  void dualStack_cutsOnePrefixFromEachPool() {
    String text =
        Configs.MINIMAL.replace("10.60.0.0/16", "[10.60.0.0/16, fd00:60::/48]")
            + "      prefixIndex: 2\n";
    assertThat(own(text, Map.of())).containsExactly("10.60.2.0/24", "fd00:60:0:2::/64");
    assertThat(own(text + "      prefixLength: [20, 56]\n", Map.of()))
        .containsExactly("10.60.32.0/20", "fd00:60:0:200::/56");
  }

  @Test
  void podWithIpv6_doesNotCrash_butTakesTheFirstPrefix() {
    assertThat(own(Configs.MINIMAL, Map.of("NSE_POD_IP", "fd00::7")))
        .containsExactly("10.60.0.0/24");
  }

  @Test
  void optionBeatsVariable_variableBeatsFile_fileBeatsDefault() throws ConfigException {
    String file = Configs.MINIMAL + "  nseName: from-file\n";
    Map<String, String> variables = Map.of("NSM_NAME", "from-variable");
    assertThat(name(Configs.MINIMAL, Map.of(), Overrides.NONE)).isEqualTo("vl3-service");
    assertThat(name(file, Map.of(), Overrides.NONE)).isEqualTo("from-file");
    assertThat(name(file, variables, Overrides.NONE)).isEqualTo("from-variable");
    assertThat(name(file, variables, Overrides.NONE.withName("from-option")))
        .isEqualTo("from-option");
  }

  @Test
  void variables_areApplied() {
    Map<String, String> variables =
        Map.of(
            "NSM_SERVICE_NAMES", "other-service",
            "NSM_LABELS", "app:vl3,color=blue",
            "NSM_REMOTE_NS_IP_LIST", "10.0.0.1,10.0.0.2:5000",
            "NSM_LISTEN_ON", "unix:///tmp/listen.sock",
            "VL3_RUN_DIR", "/tmp/vl3");
    Vl3Config config = Configs.read(Configs.MINIMAL, variables);
    assertThat(config.endpoints().get(0).service()).isEqualTo("other-service");
    assertThat(config.endpoints().get(0).labels())
        .containsOnly(Map.entry("app", "vl3"), Map.entry("color", "blue"));
    assertThat(config.nsm().remoteDomains()).containsExactly("10.0.0.1", "10.0.0.2:5000");
    assertThat(config.nsm().listenOn()).contains("unix:///tmp/listen.sock");
    assertThat(config.state().directory()).hasToString("/tmp/vl3");
  }

  @Test
  void workloadRegistry_isTheIpamsServerUnlessTheFileSaysIt() {
    String leased =
        """
        endpoints:
        - name: vl3-service
          %s
          vl3:
            ipam: {defaultPrefixPool: 10.60.0.0/16, serverAddress: "ipam:50051"}
        """;
    assertThat(workloadRegistry(leased.formatted("labels: {a: b}")))
        .contains(new EndpointConfig.WorkloadRegistry("ipam:50051", true));
    assertThat(workloadRegistry(leased.formatted("nseControl: {workloadRegistry: \"names:1\"}")))
        .contains(new EndpointConfig.WorkloadRegistry("names:1", false));
    assertThat(workloadRegistry(leased.formatted("nseControl: {workloadRegistry: none}")))
        .isEmpty();
    assertThat(workloadRegistry(Configs.MINIMAL)).isEmpty();
  }

  private static Optional<EndpointConfig.WorkloadRegistry> workloadRegistry(String file) {
    return Configs.read(file, Map.of()).endpoints().get(0).workloadRegistry();
  }

  @Test
  void metrics_areShownNowhereUnlessAsked_andTheVariableBeatsTheFile() {
    String file = Configs.MINIMAL + "metrics: {port: 9090, address: 127.0.0.1}\n";
    assertThat(Configs.read(Configs.MINIMAL, Map.of()).metrics().port()).isEmpty();
    assertThat(Configs.read(file, Map.of()).metrics())
        .isEqualTo(new MetricsConfig("127.0.0.1", OptionalInt.of(9090)));
    assertThat(Configs.read(file, Map.of("METRICS_PORT", "9101")).metrics().port()).hasValue(9101);
    assertThat(
            Configs.read(Configs.MINIMAL + "metrics: {originalNames: true}\n", Map.of()).metrics())
        .isEqualTo(new MetricsConfig("0.0.0.0", OptionalInt.empty(), true));
  }

  @Test
  void nsm_isChosenBySectionThenLegacyVariablesThenConnectToThenEmbedded() {
    String section = Configs.MINIMAL + "nsm: {api: embedded}\n";
    Map<String, String> connectTo = Map.of("NSM_CONNECT_TO", "unix:///run/nsm.sock");
    assertThat(choice(Configs.MINIMAL, Map.of()))
        .isEqualTo(
            "the machine's embedded manager (no nsm section names another, NSM_CONNECT_TO is not"
                + " set)");
    assertThat(choice(Configs.MINIMAL, connectTo))
        .isEqualTo("NSM v1 at unix:///run/nsm.sock (NSM_CONNECT_TO is set)");
    assertThat(choice(section, connectTo))
        .isEqualTo("the machine's embedded manager (nsm.api in the file)");
    assertThat(choice(Configs.MINIMAL + "nsm: {connectTo: \"unix:///a\"}\n", Map.of()))
        .isEqualTo("NSM v1 at unix:///a (nsm.connectTo in the file)");
  }

  @Test
  void topology_makesASpokeUnlessItIsAHub_andARoleAloneIsAMistake() {
    assertThat(mesh("topology: mesh").role()).isEmpty();
    assertThat(mesh("topology: hub").role()).contains("spoke");
    assertThat(mesh("topology: hub, role: hub").role()).contains("hub");
    assertThat(Configs.mistakes(withMesh("role: hub")))
        .singleElement()
        .asString()
        .contains("endpoints[0].vl3.mesh.role: hub (expected: topology: hub beside it)");
  }

  @Test
  void peerLabels_areRead() {
    assertThat(mesh("peerLabels: {zone: a}").peerLabels()).containsEntry("zone", "a");
  }

  private static MeshConfig mesh(String keys) {
    return Configs.read(withMesh(keys)).endpoints().get(0).mesh();
  }

  private static String withMesh(String keys) {
    return """
    endpoints:
    - name: vl3
      vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: 0}, mesh: {%s}}
    """
        .formatted(keys);
  }

  @Test
  void theCentralIpam_isAskedAsClusterAndPod_elseByTheEndpointsName() {
    String text = Configs.MINIMAL + "  nseControl: {address: 'r:1', connectivityDomain: d}\n";
    assertThat(lessee(text, Map.of("CLUSTER_NAME", "c1", "NSE_POD_NAME", "pod-7")))
        .isEqualTo(new EndpointConfig.Lessee("c1_pod-7", "r:1", "d"));
    assertThat(lessee(text, Map.of("CLUSTER_NAME", "", "NSE_POD_NAME", " ")))
        .isEqualTo(new EndpointConfig.Lessee("_vl3-service", "r:1", "d"));
    String two = "- {name: other, vl3: {ipam: {defaultPrefixPool: 10.61.0.0/16}}}\n";
    assertThat(lessee(text + two, Map.of("NSE_POD_NAME", "pod-7")).name())
        .isEqualTo("_vl3-service");
  }

  private static EndpointConfig.Lessee lessee(String text, Map<String, String> variables) {
    return Configs.read(text, variables).endpoints().get(0).lessee();
  }

  @Test
  void thePodsName_isTheEndpoints_whereTheFileGivesNone() {
    Map<String, String> pod = Map.of("NSE_POD_NAME", "pod-7");
    String named = Configs.MINIMAL.replace("- name:", "- nseName: mine\n  name:");
    assertThat(Configs.read(Configs.MINIMAL, pod).endpoints().get(0).name()).isEqualTo("pod-7");
    assertThat(Configs.read(named, pod).endpoints().get(0).name()).isEqualTo("mine");
  }

  @Test
  void labels_areOfTheFile_andNsmsVariableBeatsThem_theOriginalsFillsWhatIsUnset() {
    String text = Configs.MINIMAL + "  labels: {a: file, b: file}\n";
    Map<String, String> both =
        Map.of("ENDPOINT_LABELS", "b=original, c:original", "NSM_LABELS", "b:nsm,d=4");
    assertThat(labels(text, both)).isEqualTo(Map.of("a", "file", "b", "nsm", "d", "4"));
    assertThat(labels(Configs.MINIMAL, both))
        .isEqualTo(Map.of("b", "nsm", "c", "original", "d", "4"));
  }

  @Test
  void labelsOfThePlace_areThoseOfNsm_andAreWeakerThanWhatSomebodyWrote() {
    Map<String, String> pod =
        Map.of("POD_NAME", "p-1", "NODE_NAME", "n-1", "CLUSTER_NAME", "c-1", "NSM_LABELS", "a:b");
    assertThat(labels(Configs.MINIMAL + "  labels: {podName: mine}\n", pod))
        .isEqualTo(Map.of("podName", "mine", "nodeName", "n-1", "clusterName", "c-1", "a", "b"));
  }

  private static Map<String, String> labels(String text, Map<String, String> variables) {
    return Configs.read(text, variables).endpoints().get(0).labels();
  }

  @Test
  void theOriginalsServiceVariable_saysOnlyWhatTheFileLeavesOpen() {
    Map<String, String> pod = Map.of("ENDPOINT_NETWORK_SERVICE", "from-pod");
    String unnamed = Configs.MINIMAL.replace("- name: vl3-service\n  vl3", "- vl3");
    assertThat(Configs.read(Configs.MINIMAL, pod).endpoints().get(0).service())
        .isEqualTo("vl3-service");
    assertThat(Configs.read(unnamed, pod).endpoints().get(0).service()).isEqualTo("from-pod");
    String two = Configs.MINIMAL + "- {name: b, vl3: {ipam: {defaultPrefixPool: 10.61.0.0/16}}}\n";
    assertThat(Configs.mistakes(two, pod, Overrides.NONE)).isEmpty();
    assertThat(
            Configs.mistakes(Configs.MINIMAL, Map.of("NSM_SERVICE_NAMES", "a,b"), Overrides.NONE))
        .containsExactly(
            "NSM_SERVICE_NAMES: a,b (expected: one network service; for more, a file with an"
                + " endpoint for each)");
  }

  @Test
  void octet_countsInPoolsOf16OrShorter_elseTheWholePoolIsTheEndpoints() {
    Map<String, String> pod = Map.of("NSE_POD_IP", "172.17.5.3");
    assertThat(own(pool("172.31.22.0/24"), pod)).containsExactly("172.31.22.0/24");
    assertThat(own(pool("192.168.0.0/17"), pod)).containsExactly("192.168.0.0/17");
    assertThat(own(pool("192.168.0.0/16"), pod)).containsExactly("192.168.5.0/24");
    assertThat(own(pool("172.16.0.0/12"), pod)).containsExactly("172.16.5.0/24");
    assertThat(own(pool("10.0.0.0/8"), Map.of("NSE_IPAM_UNIQUE_OCTET", "255")))
        .containsExactly("10.0.255.0/24");
    assertThat(Configs.read(pool("192.168.0.0/17"), pod).endpoints().get(0).ipam().choice().why())
        .isEqualTo(
            "the whole pool: third octet of NSE_POD_IP counts in pools of /16 or shorter only");
  }

  @Test
  void lengthThatPlaysNoPart_isNoMistake() {
    Map<String, String> pod = Map.of("NSE_POD_IP", "172.17.5.3");
    String length = "      prefixLength: 2\n";
    assertThat(own(Configs.MINIMAL + length, pod)).containsExactly("10.60.5.0/24");
    assertThat(own(Configs.MINIMAL + length + "      prefix: 10.60.8.0/22\n", Map.of()))
        .containsExactly("10.60.8.0/22");
    assertThat(Configs.mistakes(Configs.MINIMAL + length + "      prefixServers: [a:1]\n"))
        .isEmpty();
    String v6 = pool("fd00::/48") + length;
    assertThat(Configs.mistakes(v6, pod, Overrides.NONE)).hasSize(1);
    assertThat(Configs.mistakes(Configs.MINIMAL + length)).hasSize(1);
    assertThat(Configs.mistakes(Configs.MINIMAL + length + "      serverAddress: a:1\n"))
        .hasSize(1);
  }

  @Test
  void poolsInOneText_areSeparatedByCommas() {
    String both = pool("'10.60.0.0/16, fd00:60::/48'") + "      prefixIndex: 2\n";
    assertThat(own(both, Map.of())).containsExactly("10.60.2.0/24", "fd00:60:0:2::/64");
    assertThat(
            own(
                pool("10.60.0.0/16,fd00:60::/48") + "      prefix: '10.60.7.0/24,fd00:60::/64'\n",
                Map.of()))
        .containsExactly("10.60.7.0/24", "fd00:60::/64");
    assertThat(Configs.mistakes(pool("10.60.0.0/16,10.61.1.0/16")))
        .containsExactly(
            "vl3.yaml:5:26: endpoints[0].vl3.ipam.defaultPrefixPool: 10.61.1.0/16 (expected: no"
                + " host bits, as in 10.61.0.0/16)");
  }

  private static String pool(String text) {
    return Configs.MINIMAL.replace("10.60.0.0/16", text);
  }

  @Test
  void urls_areReadAsNsmsProgramsReadThem() {
    Map<String, String> agent = Map.of("SPIFFE_ENDPOINT_SOCKET", "unix:/run/agent.sock");
    assertThat(
            Configs.read(
                    Configs.MINIMAL + "nsm: {connectTo: 'tcp://m', listenOn: 'tcp://:5006'}\n",
                    agent)
                .nsm())
        .satisfies(
            nsm -> {
              assertThat(nsm.choice().address()).isEqualTo("tcp://m:5001");
              assertThat(nsm.listenOn()).contains("tcp://0.0.0.0:5006");
              assertThat(nsm.tls()).isEqualTo(new TlsConfig.Spiffe("unix:///run/agent.sock"));
            });
    Map<String, String> variables =
        Map.of(
            "NSM_CONNECT_TO", "tcp://[fd00::1]",
            "NSM_LISTEN_ON", "tcp://:7",
            "NSM_REMOTE_NS_IP_LIST", "fd00::1, [fd00::1],2001:db8::2",
            "INSECURE", "T");
    assertThat(Configs.read(Configs.MINIMAL, variables).nsm())
        .satisfies(
            nsm -> {
              assertThat(nsm.choice().address()).isEqualTo("tcp://[fd00::1]:5001");
              assertThat(nsm.listenOn()).contains("tcp://0.0.0.0:7");
              assertThat(nsm.remoteDomains()).containsExactly("[fd00::1]", "[2001:db8::2]");
            });
  }

  @Test
  void whatIsAcceptedWithoutEffect_isKeptNowhere() {
    String text = Configs.MINIMAL + "  nseControl: {name: w1x, accessToken: s3cret}\n";
    assertThat(Configs.read(text).toString()).doesNotContain("w1x", "s3cret");
  }

  private static List<String> own(String text, Map<String, String> variables) {
    return Configs.read(text, variables).endpoints().get(0).ipam().ownPrefixes().stream()
        .map(IpPrefix::toString)
        .toList();
  }

  private static String name(String text, Map<String, String> variables, Overrides overrides)
      throws ConfigException {
    return ConfigReader.read("vl3.yaml", text, variables, overrides).endpoints().get(0).name();
  }

  private static String choice(String text, Map<String, String> variables) {
    return Configs.read(text, variables).nsm().choice().toString();
  }
}
