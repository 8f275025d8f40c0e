package io.vl3.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.admin.Control;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.file.ConfigKey;
import io.vl3.cli.config.file.ConfigKeys;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting either changes while the process runs or is refused by its name. */
class ReloadTest {

  private static final Path FILE = Path.of("vl3.yaml");
  private static final String IPAM = "endpoints[].vl3.ipam.";

  private final List<Vl3Config> applied = new ArrayList<>();

  /** A key with two values, in JSON, and what else must stand in both documents. */
  private record Case(String key, String before, String after, Map<String, String> with) {

    Vl3Config config(String value) throws Exception {
      Map<String, String> keys = new HashMap<>(with);
      keys.put(key, value);
      return Documents.config(keys);
    }

    @Override
    public String toString() {
      return key;
    }
  }

  @Test
  void everyKeyOfTheFile_isASetting() {
    assertThat(new TreeSet<>(Settings.byPath().keySet()))
        .isEqualTo(
            ConfigKeys.ALL.stream()
                .map(ConfigKey::path)
                .filter(path -> !isSection(path))
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(Settings.ALL).hasSameSizeAs(Settings.byPath().values());
  }

  @Test
  void everySetting_isTriedHere() {
    assertThat(cases().map(Case::key).toList()).containsExactlyInAnyOrderElementsOf(tried());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void setting_changed_isAppliedOrRefusedByName(Case each) throws Exception {
    Vl3Config before = each.config(each.before);
    Vl3Config after = each.config(each.after);
    Setting setting = Settings.byPath().get(each.key);
    String named =
        each.key.equals("endpoints[].nseName") ? "endpoints" : each.key.replace("[]", "[nse-1]");
    Reload reload = new Reload(FILE, before, file -> after, applied::add);
    if (setting.change() == Setting.Change.RESTART) {
      EndpointException refused = refused(reload);
      assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(refused.getMessage()).contains("\n  " + named + ": ");
      assertThat(applied).isEmpty();
      return;
    }
    List<Control.Change> changes = reload.reload(Optional.empty());
    if (setting.change() == Setting.Change.NONE) {
      assertThat(changes).isEmpty();
      return;
    }
    assertThat(changes).extracting(Control.Change::setting).contains(named);
    assertThat(changes).allSatisfy(c -> assertThat(c.before()).isNotEqualTo(c.after()));
    assertThat(applied).containsExactly(after);
    assertThat(reload.reload(Optional.empty())).as("once").isEmpty();
  }

  @Test
  void oneSettingThatCannotChange_keepsAllFromBeingApplied_andEachIsNamed() throws Exception {
    Vl3Config before = Documents.config(Map.of());
    Vl3Config after =
        Documents.config(
            Map.of(
                "endpoints[].labels",
                "{\"a\":\"b\"}",
                IPAM + "prefixIndex",
                "7",
                "nsm.requestTimeout",
                "\"20s\""));
    Reload reload = new Reload(FILE, before, file -> after, applied::add);
    assertThat(refused(reload))
        .hasMessage(
            """
            vl3.yaml: nothing was applied, as this changes with `vl3 restart` only:
              endpoints[nse-1].vl3.ipam.prefixIndex: 7 (was 0)
              nsm.requestTimeout: 20s (was 15s)\
            """);
    assertThat(applied).isEmpty();
  }

  @Test
  void brokenFile_changesNothing() throws Exception {
    Vl3Config before = Documents.config(Map.of());
    Reload reload =
        new Reload(
            FILE,
            before,
            file -> {
              throw new CliException(ExitCode.USAGE, file + ": 1 mistake\nnsm: ...", "");
            },
            applied::add);
    EndpointException refused = refused(reload);
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused).hasMessage("vl3.yaml: 1 mistake\nnsm: ...");
    assertThat(applied).isEmpty();
  }

  @Test
  void anotherFile_isReadOnce() throws Exception {
    Vl3Config plain = Documents.config(Map.of());
    Vl3Config other = Documents.config(Map.of("endpoints[].labels", "{\"a\":\"b\"}"));
    Reload reload =
        new Reload(FILE, plain, file -> file.equals(FILE) ? plain : other, applied::add);
    assertThat(reload.reload(Optional.of(Path.of("other.yaml"))))
        .containsExactly(new Control.Change("endpoints[nse-1].labels", "{}", "{a=b}"));
    assertThat(reload.reload(Optional.empty()))
        .containsExactly(new Control.Change("endpoints[nse-1].labels", "{a=b}", "{}"));
    assertThat(applied).containsExactly(other, plain);
  }

  @Test
  void whatCannotBeApplied_isTriedAgainNextTime() throws Exception {
    Vl3Config before = Documents.config(Map.of());
    Vl3Config after = Documents.config(Map.of("endpoints[].labels", "{\"a\":\"b\"}"));
    Reload.Applying failingOnce =
        config -> {
          applied.add(config);
          if (applied.size() == 1) {
            throw new java.io.IOException("no space");
          }
        };
    Reload reload = new Reload(FILE, before, file -> after, failingOnce);
    assertThat(refused(reload)).hasMessageContaining("no space");
    assertThat(reload.reload(Optional.empty())).hasSize(1);
  }

  private static EndpointException refused(Reload reload) {
    return catchThrowableOfType(EndpointException.class, () -> reload.reload(Optional.empty()));
  }

  /** Sections are set by their keys; the list of endpoints by their names. */
  private static boolean isSection(String path) {
    return !path.equals("endpoints")
        && ConfigKeys.ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
  }

  /** A list of endpoints is a list of their names. */
  private static List<String> tried() {
    return Settings.byPath().keySet().stream().filter(path -> !path.equals("endpoints")).toList();
  }

  static Stream<Case> cases() {
    Map<String, String> vpp = Map.of("dataplane.type", "\"vpp\"");
    Map<String, String> files =
        Map.of(
            "nsm.tls.source", "\"files\"",
            "nsm.tls.certificate", "\"/tls/c.pem\"",
            "nsm.tls.key", "\"/tls/k.pem\"",
            "nsm.tls.trust", "\"/tls/t.pem\"");
    Map<String, String> v1 = Map.of("nsm.api", "\"v1\"", "nsm.connectTo", "\"unix:///nsm.sock\"");
    Map<String, String> traced = Map.of("tracing.endpoint", "\"http://a:4317\"");
    Map<String, String> managed =
        Map.of(
            "nsm.manager.listenOn", "\"tcp://10.0.0.1:5000\"",
            "nsm.manager.tunnelIp", "\"10.0.0.1\"",
            "nsm.manager.insecure", "true");
    return Stream.of(
        of("endpoints[].name", "\"net\"", "\"other\""),
        of("endpoints[].nseName", "\"nse-1\"", "\"nse-2\""),
        of("endpoints[].labels", "{\"a\":\"1\"}", "{\"a\":\"2\"}"),
        of("endpoints[].nseControl.name", "\"a\"", "\"b\""),
        of("endpoints[].nseControl.address", "\"a:1\"", "\"b:1\""),
        of(
            "endpoints[].nseControl.accessToken",
            "\"a\"",
            "\"b\"",
            Map.of("endpoints[].nseControl.name", "\"a\"")),
        of("endpoints[].nseControl.connectivityDomain", "\"a\"", "\"b\""),
        of("endpoints[].nseControl.workloadRegistry", "\"a:1\"", "\"b:1\""),
        of(IPAM + "defaultPrefixPool", "\"10.60.0.0/16\"", "\"10.61.0.0/16\""),
        of(IPAM + "linkLocal", "false", "true"),
        of(IPAM + "prefixLength", "24", "25"),
        of(IPAM + "routes", "[]", "[\"10.9.0.0/16\"]"),
        of(IPAM + "serverAddress", "\"\"", "\"ipam.example:50051\""),
        of(
            IPAM + "prefixServers",
            "[\"tcp://a:5006\"]",
            "[\"tcp://b:5006\"]",
            Map.of(IPAM + "defaultPrefixPool", "")),
        of(IPAM + "addressing", "\"point-to-point\"", "\"unnumbered\""),
        of(IPAM + "excludedPrefixes", "[]", "[\"10.60.0.8/30\"]"),
        of(IPAM + "prefix", "\"10.60.1.0/24\"", "\"10.60.2.0/24\""),
        of(IPAM + "prefixIndex", "1", "2"),
        of(IPAM + "restSeconds", "0", "9"),
        of("endpoints[].vl3.mesh.topology", "\"mesh\"", "\"hub\""),
        of(
            "endpoints[].vl3.mesh.role",
            "\"hub\"",
            "\"spoke\"",
            Map.of("endpoints[].vl3.mesh.topology", "\"hub\"")),
        of("endpoints[].vl3.mesh.peerLabels", "{}", "{\"a\":\"2\"}"),
        of("endpoints[].vl3.ifName", "\"endpoint0\"", "\"endpoint1\""),
        of("endpoints[].vl3.nameServers", "[]", "[\"10.0.0.53\"]"),
        of(
            "endpoints[].vl3.dnsZones",
            "[]",
            "[\"vl3.local\"]",
            Map.of("endpoints[].vl3.nameServers", "[\"10.0.0.53\"]")),
        of(
            "endpoints[].vl3.dns.templates",
            "[]",
            "[\"{{ index .Labels \\\"podName\\\" }}.{{ .NetworkService }}.\"]"),
        of("endpoints[].vl3.dns.foreignNames", "\"refused\"", "\"nxdomain\""),
        of("nsm.api", "\"embedded\"", "\"v1\"", Map.of("nsm.connectTo", "\"unix:///nsm.sock\"")),
        of(
            "nsm.connectTo",
            "\"unix:///a.sock\"",
            "\"unix:///b.sock\"",
            Map.of("nsm.api", "\"v1\"")),
        of("nsm.v02.manager", "\"unix:///a\"", "\"unix:///b\""),
        of("nsm.v02.workspace", "\"/a\"", "\"/b\""),
        of("nsm.v02.serverSocket", "\"/a\"", "\"/b\""),
        of("nsm.v02.clientSocket", "\"/a\"", "\"/b\""),
        of("nsm.v02.registry", "\"a:5000\"", "\"b:5000\"", Map.of("nsm.insecure", "true")),
        of("nsm.listenOn", "\"unix:///a.sock\"", "\"unix:///b.sock\"", v1),
        of(
            "nsm.tls.source",
            "\"none\"",
            "\"spiffe\"",
            Map.of("nsm.tls.workloadApi", "\"unix:///w\"")),
        of("nsm.tls.workloadApi", "\"unix:///a\"", "\"unix:///b\""),
        of("nsm.tls.certificate", "\"/tls/a.pem\"", "\"/tls/b.pem\"", files),
        of("nsm.tls.key", "\"/tls/a.pem\"", "\"/tls/b.pem\"", files),
        of("nsm.tls.trust", "\"/tls/a.pem\"", "\"/tls/b.pem\"", files),
        of("nsm.tokenLifetime", "\"10m\"", "\"20m\""),
        of("nsm.insecure", "false", "true", v1),
        of("nsm.remoteDomains", "[]", "[\"10.0.0.7:5000\"]"),
        of("nsm.requestTimeout", "\"15s\"", "\"16s\""),
        of("nsm.dialTimeout", "\"3s\"", "\"6s\""),
        of("nsm.idleTimeout", "\"0\"", "\"1h\""),
        of("nsm.registerService", "true", "false"),
        of("nsm.unregisterItself", "true", "false"),
        of("nsm.requestLabels", "{}", "{\"a\":\"2\"}"),
        of("nsm.livenessCheck", "true", "false"),
        of("nsm.livenessInterval", "\"2s\"", "\"3s\""),
        of("nsm.livenessTimeout", "\"400ms\"", "\"300ms\""),
        of("nsm.manager.listenOn", "\"tcp://10.0.0.1:5000\"", "\"tcp://10.0.0.1:5001\"", managed),
        of("nsm.manager.tunnelIp", "\"10.0.0.1\"", "\"10.0.0.2\"", managed),
        of("nsm.manager.insecure", "true", "false", with(managed, files)),
        of("dataplane.type", "\"kernel\"", "\"vpp\""),
        of("dataplane.address", "\"a:1\"", "\"b:1\"", Map.of("dataplane.type", "\"vpp-agent\"")),
        of("dataplane.socket", "\"/a.sock\"", "\"/b.sock\"", vpp),
        of("dataplane.apiDirectory", "\"/a\"", "\"/b\"", vpp),
        of("dataplane.kernel", "true", "false", vpp),
        of("dataplane.vrf", "0", "1", vpp),
        of("dataplane.leastMtu", "1280", "1300"),
        of("dataplane.memif.ringSize", "512", "1024", vpp),
        of("dataplane.memif.rxMode", "\"interrupt\"", "\"polling\"", vpp),
        of("dataplane.memif.rxQueues", "1", "2", vpp),
        of("dataplane.memif.txQueues", "1", "2", vpp),
        of("dataplane.memif.mtu", "0", "1400", vpp),
        of("dataplane.memif.socketDirectory", "\"/a\"", "\"/b\"", vpp),
        of("dataplane.nat.address", "\"10.1.1.1\"", "\"10.1.1.2\"", vpp),
        of("dataplane.leftovers.graceSeconds", "600", "700", vpp),
        of("dataplane.leftovers.keep", "false", "true", vpp),
        of("state.directory", "\"/a\"", "\"/b\""),
        of("state.durable", "true", "false"),
        of("state.journal", "\"/a\"", "\"/b\""),
        of("stop.deadline", "\"25s\"", "\"9s\""),
        of("tracing.enabled", "false", "true"),
        of("tracing.endpoint", "\"http://a:4317\"", "\"http://b:4317\""),
        of("tracing.sampling", "1", "0.5", traced),
        of("tracing.serviceName", "\"a\"", "\"b\"", traced),
        of("tracing.attributes", "{\"a\":\"1\"}", "{\"a\":\"2\"}", traced),
        of(
            "tracing.certificate",
            "\"/a.pem\"",
            "\"/b.pem\"",
            Map.of("tracing.endpoint", "\"https://a:4317\"")),
        of("log.format", "\"text\"", "\"json\""),
        of("log.level", "\"warn\"", "\"info\""),
        of("admin.listenOn", "\"tcp://127.0.0.1:7000\"", "\"tcp://127.0.0.1:7001\""),
        of(
            "admin.allow",
            "[\"spiffe://a\"]",
            "[\"spiffe://b\"]",
            with(files, Map.of("admin.listenOn", "\"tcp://0.0.0.0:7000\""))),
        of("metrics.port", "9000", "9001"),
        of("metrics.originalNames", "false", "true", Map.of("metrics.port", "9000")),
        of("metrics.address", "\"127.0.0.1\"", "\"0.0.0.0\"", Map.of("metrics.port", "9000")));
  }

  private static Map<String, String> with(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new HashMap<>(one);
    all.putAll(other);
    return all;
  }

  private static Case of(String key, String before, String after) {
    return new Case(key, before, after, Map.of());
  }

  private static Case of(String key, String before, String after, Map<String, String> with) {
    return new Case(key, before, after, with);
  }
}
