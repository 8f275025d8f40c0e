package io.vl3.cli.config.read;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of mistake is told with its place, the value, and what is allowed. */
class ConfigMistakesTest {

  private static final String NO_TLS =
      "unix:///path, or nsm.tls, or insecure: true beside it to go without";

  static Stream<Arguments> mistakes() {
    return Stream.of(
        withIpam(
            "a misspelt key",
            "prefixLenght: 24",
            "6:7: endpoints[0].vl3.ipam.prefixLenght: unknown key (expected: one of"
                + " defaultPrefixPool, linkLocal, prefixLength, routes, serverAddress,"
                + " prefixServers, addressing, excludedPrefixes, prefix, prefixIndex, restSeconds;"
                + " did you mean prefixLength?)"),
        whole(
            "an unknown section",
            Configs.MINIMAL + "metrix: {}\n",
            "6:1: metrix: unknown key (expected: one of endpoints, nsm, dataplane, state, stop,"
                + " metrics, tracing, log, admin; did you mean metrics?)"),
        whole(
            "host bits in the pool",
            Configs.MINIMAL.replace("10.60.0.0/16", "10.60.1.0/16"),
            "5:26: endpoints[0].vl3.ipam.defaultPrefixPool: 10.60.1.0/16 (expected: no host bits,"
                + " as in 10.60.0.0/16)"),
        whole(
            "a leading zero",
            Configs.MINIMAL.replace("10.60.0.0/16", "010.60.0.0/16"),
            "5:26: endpoints[0].vl3.ipam.defaultPrefixPool: 010.60.0.0/16 (expected: "
                + "address/length such as 10.60.0.0/16 or 2001:db8::/64)"),
        whole(
            "a length beyond the family",
            Configs.MINIMAL.replace("10.60.0.0/16", "10.60.0.0/33"),
            "5:26: endpoints[0].vl3.ipam.defaultPrefixPool: 10.60.0.0/33 (expected: a length of"
                + " 0..32 for IPv4)"),
        withIpam(
            "a prefix longer than an address allows",
            "prefixLength: 40",
            "6:21: endpoints[0].vl3.ipam.prefixLength: 40 (expected: 16..30 inside pool"
                + " 10.60.0.0/16)"),
        withIpam(
            "a prefix shorter than its pool",
            "prefixLength: 8",
            "6:21: endpoints[0].vl3.ipam.prefixLength: 8 (expected: 16..30 inside pool"
                + " 10.60.0.0/16)"),
        withIpam(
            "a word for a number",
            "prefixLength: twenty",
            "6:21: endpoints[0].vl3.ipam.prefixLength: twenty (expected: a whole number, 0..128)"),
        withIpam(
            "a text for a list",
            "routes: 10.0.0.0/8",
            "6:15: endpoints[0].vl3.ipam.routes: 10.0.0.0/8 (expected: a list of texts, as in [a,"
                + " b])"),
        withIpam(
            "a bad route in a list",
            "routes: [10.0.0.0/8, 10.0.0.1]",
            "6:28: endpoints[0].vl3.ipam.routes[1]: 10.0.0.1 (expected: a length too, as in"
                + " 10.0.0.1/32)"),
        withIpam(
            "an unknown word",
            "addressing: unumbered",
            "6:19: endpoints[0].vl3.ipam.addressing: unumbered (expected: one of point-to-point,"
                + " point-to-point-31, unnumbered; did you mean unnumbered?)"),
        withIpam(
            "the same key twice",
            "prefixLength: 24\n      prefixLength: 22",
            "7:7: endpoints[0].vl3.ipam.prefixLength: twice (expected: one, as in line 6)"),
        withIpam(
            "a fixed prefix outside the pool",
            "prefix: 10.61.0.0/24",
            "6:15: endpoints[0].vl3.ipam.prefix: 10.61.0.0/24 (expected: a prefix inside the pool"
                + " [10.60.0.0/16])"),
        withIpam(
            "an index beyond the pool",
            "prefixIndex: 256",
            "6:20: endpoints[0].vl3.ipam.prefixIndex: 256 (expected: 0..255 for a /24 inside"
                + " 10.60.0.0/16)"),
        whole(
            "fixed prefixes of one family",
            Configs.MINIMAL.replace("10.60.0.0/16", "[10.60.0.0/16, 'fd00::/48']")
                + "      prefix: [10.60.1.0/24, 10.60.2.0/24]\n",
            "6:30: endpoints[0].vl3.ipam.prefix[1]: 10.60.2.0/24 (expected: one prefix of each"
                + " family, IPv4 and IPv6)"),
        whole(
            "a pool without room for a link",
            Configs.MINIMAL.replace("10.60.0.0/16", "[10.60.0.0/31, 'fd00::/127']"),
            "5:27: endpoints[0].vl3.ipam.defaultPrefixPool[0]: 10.60.0.0/31 (expected: room for a"
                + " link: /30 or shorter)",
            "5:41: endpoints[0].vl3.ipam.defaultPrefixPool[1]: fd00::/127 (expected: room for a"
                + " link: /126 or shorter)"),
        withIpam(
            "a fixed prefix without room for a link",
            "prefix: 10.60.1.4/31",
            "6:15: endpoints[0].vl3.ipam.prefix: 10.60.1.4/31 (expected: room for a link: /30 or"
                + " shorter)"),
        whole(
            "two endpoints of one network with one prefix",
            Configs.MINIMAL
                + "      prefixIndex: 1\n- name: vl3-service\n  nseName: b\n  vl3:\n    ipam: {"
                + "defaultPrefixPool: 10.60.0.0/16, prefix: 10.60.0.0/23}\n",
            "10:11: endpoints[1].vl3.ipam: prefix 10.60.0.0/23 (expected: one of its own;"
                + " endpoints[0] has 10.60.1.0/24)"),
        withIpam(
            "an exclusion that leaves nothing",
            "excludedPrefixes: [10.0.0.0/8]",
            "6:26: endpoints[0].vl3.ipam.excludedPrefixes[0]: 10.0.0.0/8 (expected: less than the"
                + " whole pool 10.60.0.0/16)"),
        withIpam(
            "a server without a port",
            "serverAddress: ipam.example",
            "6:22: endpoints[0].vl3.ipam.serverAddress: ipam.example (expected: host:port, as in"
                + " ipam.example:50051)"),
        whole(
            "no pool",
            "endpoints:\n- name: a\n  vl3:\n    ipam: {}\n",
            "4:11: endpoints[0].vl3.ipam.defaultPrefixPool: missing (expected: the network's pool,"
                + " as in 10.60.0.0/16)"),
        whole(
            "no service name",
            "endpoints:\n- vl3: {ipam: {defaultPrefixPool: 10.0.0.0/8}}\n",
            "2:3: endpoints[0].name: missing (expected: the name of the network service)"),
        whole(
            "no endpoints",
            "nsm: {}\n",
            "1:1: endpoints: missing (expected: a list of at least one endpoint)"),
        whole(
            "an empty file",
            "",
            "1:1: endpoints: missing (expected: a list of at least one endpoint)"),
        whole(
            "a list at the top",
            "- a\n- b\n",
            "1:1: a list (expected: a section of keys)",
            "1:1: endpoints: missing (expected: a list of at least one endpoint)"),
        whole(
            "a section for a list of sections",
            "endpoints:\n  name: a\n",
            "2:3: endpoints: a section (expected: a list, each item begun by a dash)"),
        whole(
            "two endpoints of one name",
            Configs.MINIMAL + Configs.MINIMAL.replace("endpoints:\n", ""),
            "6:3: endpoints[1].nseName: missing (expected: a name of its own;"
                + " endpoints[0].nseName is vl3-service)"),
        whole(
            "a domain that is none",
            Configs.MINIMAL.replace("vl3-service", "\"a@b@c\""),
            "2:9: endpoints[0].name: a@b@c (expected: 1..63 letters, digits and - . _ between"
                + " them; then perhaps @ and a domain)"),
        whole(
            "a name in another domain than its service",
            Configs.MINIMAL.replace("vl3-service", "net@b") + "  nseName: nse@a\n",
            "endpoint nse@a: @a (expected: the domain of its network service, net@b)"),
        whole(
            "no endpoint in the list",
            "endpoints: []\n",
            "1:12: endpoints: an empty list (expected: at least one endpoint)"),
        whole(
            "a section of control that says nothing",
            Configs.MINIMAL + "  nseControl: {}\n",
            "6:15: endpoints[0].nseControl: says nothing (expected: name, address,"
                + " connectivityDomain, workloadRegistry, or no nseControl)"),
        whole(
            "a section of control with empty values",
            Configs.MINIMAL + "  nseControl: {name: '', address: \"\", connectivityDomain: }\n",
            "6:15: endpoints[0].nseControl: says nothing (expected: name, address,"
                + " connectivityDomain, workloadRegistry, or no nseControl)"),
        whole(
            "a tag",
            Configs.MINIMAL.replace("10.60.0.0/16", "!!str 10.60.0.0/16"),
            "5:26: !tag:yaml.org,2002:str (expected: the value alone: tags are not read)"),
        whole(
            "a tag before a section",
            Configs.MINIMAL.replace("ipam:", "ipam: !mine"),
            "4:11: !mine (expected: the value alone: tags are not read)"),
        whole(
            "a bracket that stays open",
            "endpoints:\n- name: a\n  vl3: {ipam: {defaultPrefixPool: [10.60.0.0/16}}\n",
            "3:35: [ without ] (expected: its end before 3:48)"),
        whole(
            "a brace that stays open",
            "endpoints:\n- name: a\n  vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16}\nnsm: {}\n",
            "3:8: { without } (expected: its end before 4:1)"),
        whole(
            "a quote that stays open",
            "endpoints:\n- name: 'a\n  vl3:\n",
            "2:9: a quote without its second (expected: its end before 4:1)"),
        whole(
            "a tab within an indentation",
            "endpoints:\n- name: a\n \tvl3: {}\n",
            "3:2: a tab (expected: spaces: YAML takes no tabs for indentation)"),
        whole(
            "a control character",
            "endpoints:\n- name: a\u0007b\n",
            "2:10: U+0007 (expected: no control characters)"),
        whole(
            "an interface name too long",
            Configs.MINIMAL + "    ifName: endpoint-with-a-long-name\n",
            "6:13: endpoints[0].vl3.ifName: endpoint-with-a-long-name (expected: an interface"
                + " name: 1..15 characters, no space, / or :)"),
        whole(
            "a name server that is no address",
            Configs.MINIMAL + "    nameServers: [10.1.1.1, ns.example]\n",
            "6:29: endpoints[0].vl3.nameServers[1]: ns.example (expected: IPv4 such as"
                + " 10.0.0.1 or IPv6 such as 2001:db8::1)"),
        whole(
            "a secret of the wrong type is not shown",
            Configs.MINIMAL + "  nseControl: {name: a, accessToken: [s3cret]}\n",
            "6:38: endpoints[0].nseControl.accessToken: (secret) (expected: text)"),
        whole(
            "TCP without TLS",
            Configs.MINIMAL + "nsm: {connectTo: \"tcp://10.0.0.1:5000\"}\n",
            "6:18: nsm.connectTo: tcp://10.0.0.1:5000 (expected: " + NO_TLS + ")"),
        whole(
            "files for TLS that are not complete",
            Configs.MINIMAL + "nsm:\n  tls: {certificate: /svid.pem, trust: ca.pem}\n",
            "7:8: nsm.tls.key: missing (expected: the path of a PEM file)",
            "7:40: nsm.tls.trust: ca.pem (expected: an absolute path)"),
        whole(
            "SPIFFE without an agent",
            Configs.MINIMAL + "nsm:\n  tls: {source: spiffe}\n",
            "7:8: nsm.tls.workloadApi: missing (expected: the Workload API's URL, here or in"
                + " SPIFFE_ENDPOINT_SOCKET)"),
        whole(
            "an unknown source of identity",
            Configs.MINIMAL + "nsm:\n  tls: {source: vault}\n",
            "7:17: nsm.tls.source: vault (expected: one of spiffe, files, none)"),
        whole(
            "no data plane",
            Configs.MINIMAL + "dataplane: {type: none}\n",
            "6:19: dataplane.type: none (expected: one of kernel, vpp, vpp-agent)"),
        whole(
            "a token that lasts for no time",
            Configs.MINIMAL + "nsm: {tokenLifetime: 5s}\n",
            "6:22: nsm.tokenLifetime: 5s (expected: 10s..168h, as in 90s, 10m or 1h30m)"),
        whole(
            "times beyond every clock",
            Configs.MINIMAL + "nsm: {idleTimeout: 999999999h, requestTimeout: 8761h}\n",
            "6:20: nsm.idleTimeout: 999999999h (expected: at most 8760h)",
            "6:48: nsm.requestTimeout: 8761h (expected: at most 8760h)"),
        whole(
            "no URL",
            Configs.MINIMAL + "nsm: {connectTo: 10.0.0.1}\n",
            "6:18: nsm.connectTo: 10.0.0.1 (expected: unix:///path or tcp://host:port)"),
        whole(
            "a word for a truth value",
            Configs.MINIMAL + "nsm: {insecure: maybe}\n",
            "6:17: nsm.insecure: maybe (expected: true or false)"),
        whole(
            "a manager open to others without a tunnel address",
            Configs.MINIMAL
                + "nsm:\n  manager:\n    listenOn: tcp://0.0.0.0:5000\n    insecure: true\n",
            "8:5: nsm.manager.tunnelIp: missing (expected: this node's address, because listenOn"
                + " opens it to other nodes)"),
        whole(
            "one place to listen on for two endpoints",
            Configs.MINIMAL
                + "- {name: other, vl3: {ipam: {defaultPrefixPool: 10.9.0.0/16}}}\n"
                + "nsm: {listenOn: 'unix:///run/nse.sock'}\n",
            "2:1: endpoints: 2 endpoints at one nsm.listenOn, unix:///run/nse.sock (expected: one, or no"
                + " nsm.listenOn: each then has a socket of its own)"),
        whole(
            "an alias",
            "x: &a 1\n" + Configs.MINIMAL + "state: *a\n",
            "7:8: *a (expected: the value itself: aliases are not read)"),
        whole(
            "two documents",
            Configs.MINIMAL + "---\n" + Configs.MINIMAL,
            "7:1: a second document (expected: one document in the file)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void mistake_isToldWithPlaceValueAndWhatIsAllowed(
      String kind, String text, List<String> expected) {
    assertThat(Configs.mistakes(text))
        .as(kind)
        .containsExactlyElementsOf(expected.stream().map(ConfigMistakesTest::placed).toList());
  }

  private static String placed(String line) {
    return Character.isDigit(line.charAt(0)) ? "vl3.yaml:" + line : line;
  }

  @Test
  void nestedAliases_areOneMistake() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 10; i++) {
      String inner = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, inner))));
    }
    assertThat(Configs.mistakes(text.toString()))
        .containsExactly(
            "vl3.yaml:2:10: *a0 and 89 more aliases (expected: the value itself: aliases are not"
                + " read)");
  }

  @Test
  void mistakesWithoutEnd_areCounted() {
    String text = IntStream.range(0, 1000).mapToObj(i -> "k" + i + ": 1\n").collect(joining());
    assertThat(Configs.mistakes(Configs.MINIMAL + text)).hasSize(101).endsWith("... and 900 more");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, another network: 127.0.0.0/8 is loopback",
    "127.1.0.0/16, another network: 127.0.0.0/8 is loopback",
    "224.0.0.0/4, another network: 224.0.0.0/4 is multicast",
    "239.1.0.0/16, another network: 224.0.0.0/4 is multicast",
    "0.0.0.0/0, less than all addresses of IPv4",
    "0.0.0.0/1, another network: 0.0.0.0/8 is for hosts that have no address",
    "128.0.0.0/1, another network: 224.0.0.0/4 is multicast",
    "255.255.255.0/24, another network: 255.255.255.255/32 is broadcast",
    "::/0, less than all addresses of IPv6",
    "::/64, another network: ::/127 is no address and loopback",
    "ff08::/16, another network: ff00::/8 is multicast",
    "fe80::/64, 'another network: fe80::/10 is link-local, which Linux routes nowhere'",
    "::ffff:0:0/96, another network: ::ffff:0.0.0.0/96 is IPv4 written as IPv6",
    "169.254.0.0/16, 'another network, or linkLocal: true beside it: 169.254.0.0/16 is link-local'",
  })
  void poolsThatNoRouterServes_areRefused(String pool, String expected) {
    String text = Configs.MINIMAL.replace("10.60.0.0/16", "'" + pool + "'");
    assertThat(Configs.mistakes(text))
        .containsExactly(
            "vl3.yaml:5:26: endpoints[0].vl3.ipam.defaultPrefixPool: %s (expected: %s)"
                .formatted(pool, expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8",
        "100.64.0.0/10",
        "126.0.0.0/8",
        "128.0.0.0/8",
        "192.168.0.0/16",
        "223.0.0.0/8",
        "240.0.0.0/8",
        "fd00::/48",
        "2000::/3",
        "2001:db8::/32",
        "64:ff9b::/96"
      })
  void ordinaryPools_areTaken(String pool) {
    assertThat(Configs.mistakes(Configs.MINIMAL.replace("10.60.0.0/16", "'" + pool + "'")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "point-to-point, 30, 126",
    "point-to-point-31, 31, 127",
    "unnumbered, 31, 127",
  })
  void poolsAndPrefixes_areAsLongAsOneLinkOrWorkloadLeaves(String addressing, int v4, int v6) {
    assertThat(Configs.mistakes(pools(addressing, v4, v6))).isEmpty();
    assertThat(Configs.mistakes(pools(addressing, v4 + 1, v6 + 1)))
        .hasSize(2)
        .allMatch(line -> line.contains("(expected: room for a link: /"));
    String fixed = Configs.MINIMAL + "      addressing: " + addressing + "\n      prefix: ";
    assertThat(Configs.mistakes(fixed + "10.60.1.0/" + v4 + "\n")).isEmpty();
    assertThat(Configs.mistakes(fixed + "10.60.1.0/" + (v4 + 1) + "\n")).hasSize(1);
  }

  private static String pools(String addressing, int v4, int v6) {
    return Configs.MINIMAL.replace("10.60.0.0/16", "[10.60.0.0/%d, 'fd00::/%d']".formatted(v4, v6))
        + "      addressing: "
        + addressing
        + "\n";
  }

  @Test
  void linkLocalAddresses_areTakenIfSomebodySaysSo() {
    String text = Configs.MINIMAL.replace("10.60.0.0/16", "169.254.0.0/16");
    assertThat(Configs.mistakes(text + "      linkLocal: true\n")).isEmpty();
  }

  @Test
  void text_thatIsNoYaml_isToldWithPlace() {
    assertThat(Configs.mistakes("endpoints: [\n  a: }\n"))
        .singleElement()
        .asString()
        .startsWith("vl3.yaml:2:")
        .contains("no YAML (expected: ");
  }

  @Test
  void tabsForIndentation_areNamed() {
    assertThat(Configs.mistakes("endpoints:\n\t- name: a\n"))
        .singleElement()
        .asString()
        .startsWith("vl3.yaml:2:1: a tab (expected: spaces: YAML takes no tabs for indentation)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: "})
  void endlessNesting_isToldWithoutAFaultOfOurs(String opening) {
    assertThat(Configs.mistakes("endpoints: " + opening.repeat(5000)))
        .anyMatch(line -> line.contains("nested deeper (expected: at most 20 levels)"));
  }

  @Test
  void prefixThatThePoolDoesNotHave_isRefused_whoeverNamesIt() {
    String small = Configs.MINIMAL.replace("10.60.0.0/16", "'fd00::/60'");
    String expected = "(expected: 0..15 for a /64 inside fd00::/60)";
    assertThat(Configs.mistakes(small, Map.of(), Overrides.NONE.withPrefixIndex("16")))
        .containsExactly("--prefix-index: 16 " + expected);
    assertThat(Configs.mistakes(small, Map.of("NSE_IPAM_UNIQUE_OCTET", "16"), Overrides.NONE))
        .containsExactly(
            "vl3.yaml:5:26: endpoints[0].vl3.ipam.defaultPrefixPool: fd00::/60 (expected: a pool"
                + " that holds a /64 with the index 16, which NSE_IPAM_UNIQUE_OCTET gives; or"
                + " prefix or prefixIndex)");
    assertThat(Configs.mistakes(small, Map.of("NSE_POD_IP", "10.1.15.3"), Overrides.NONE))
        .isEmpty();
  }

  @Test
  void peersOnOneVpp_areRefused_spokesAndOthersAreNot() {
    assertThat(Configs.mistakes(onOneVpp("vl3-service", "", "")))
        .containsExactly(
            "vl3.yaml:7:9: endpoints[1].name: vl3-service (expected: another network than"
                + " endpoints[0].name, with dataplane.type: vpp-agent; peers need a VPP each)");
    assertThat(Configs.mistakes(onOneVpp("vl3-service", "", "").replace("vpp-agent", "vpp")))
        .singleElement()
        .asString()
        .contains("with dataplane.type: vpp; peers need a VPP each");
    String hub = "mesh: {topology: hub, role: hub}";
    String spoke = "mesh: {topology: hub}";
    assertThat(Configs.mistakes(onOneVpp("vl3-service", hub, spoke))).hasSize(1);
    assertThat(Configs.mistakes(onOneVpp("vl3-service", hub, hub))).hasSize(1);
    assertThat(Configs.mistakes(onOneVpp("vl3-service", spoke, spoke))).isEmpty();
    assertThat(Configs.mistakes(onOneVpp("vl3-service", "", "mesh: {peerLabels: {zone: b}}")))
        .isEmpty();
    assertThat(Configs.mistakes(onOneVpp("other-service", "", ""))).isEmpty();
    assertThat(Configs.mistakes(onOneVpp("vl3-service", "", "").replace("vpp-agent", "kernel")))
        .isEmpty();
  }

  /** Two endpoints whose prefixes differ, with a line in each. */
  private static String onOneVpp(String secondService, String first, String second) {
    return Configs.MINIMAL
        + "    %s\n".formatted(first)
        + """
        - name: %s
          nseName: second
          vl3:
            ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: 1}
            %s
        dataplane: {type: vpp-agent}
        """
            .formatted(secondService, second);
  }

  @Test
  void severalMistakes_areToldAtOnce_inTheFilesOrder() {
    String text =
        """
        endpoints:
        - name: vl3-service
          color: red
          vl3:
            ipam: {defaultPrefixPool: 10.60.0.1/16, routes: [x], prefixLength: a}
        dataplane: {type: vppagent}
        """;
    assertThat(Configs.mistakes(text))
        .extracting(line -> line.substring(0, line.indexOf(": ")))
        .containsExactly(
            "vl3.yaml:3:3", "vl3.yaml:5:31", "vl3.yaml:5:54", "vl3.yaml:5:72", "vl3.yaml:6:19");
  }

  @Test
  void variablesAndOptions_areCheckedToo() {
    Map<String, String> variables =
        Map.of(
            "NSE_IPAM_UNIQUE_OCTET", "300",
            "NSE_POD_IP", "pod",
            "NSM_LABELS", "app",
            "NSM_CONNECT_TO", "tcp://10.0.0.1:5000",
            "INSECURE", "perhaps",
            "NSM_REMOTE_NS_IP_LIST", "10.0.0.1, a b");
    assertThat(Configs.mistakes(Configs.MINIMAL, variables, Overrides.NONE.withName("a b")))
        .containsExactly(
            "--name: a b (expected: 1..63 letters, digits and - . _ between them; then perhaps @"
                + " and a domain)",
            "INSECURE: perhaps (expected: true or false)",
            "NSE_IPAM_UNIQUE_OCTET: 300 (expected: a whole number, 0..255)",
            "NSE_POD_IP: pod (expected: IPv4 such as 10.0.0.1 or IPv6 such as 2001:db8::1)",
            "NSM_CONNECT_TO: tcp://10.0.0.1:5000 (expected: unix:///path, or"
                + " SPIFFE_ENDPOINT_SOCKET, or INSECURE=true to go without TLS)",
            "NSM_LABELS: app (expected: key:value or key=value)",
            "NSM_REMOTE_NS_IP_LIST: a b (expected: host or host:port, as in 10.0.0.7:5000)");
  }

  @Test
  void longAndUnprintableValues_areCutAndEscaped() {
    String text = Configs.MINIMAL.replace("10.60.0.0/16", "\"\\e[31m" + "9".repeat(200) + "\"");
    assertThat(Configs.mistakes(text))
        .singleElement()
        .asString()
        .contains("\\u001b[31m999")
        .contains("9... (expected: ")
        .doesNotContain("\u001b");
  }

  private static Arguments withIpam(String kind, String lines, String expected) {
    return whole(kind, Configs.MINIMAL + "      " + lines + "\n", expected);
  }

  private static Arguments whole(String kind, String text, String... expected) {
    return Arguments.of(kind, text, List.of(expected));
  }
}
