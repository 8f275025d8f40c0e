package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.CliException;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.Vl3Config;
import io.vl3.ipam.AddressingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The variables of NSM's own vL3. */
class PodOfNsmTest {

  private static final Map<String, String> POD =
      Map.of(
          "NSM_NAME", "vl3-7f9c",
          "NSM_SERVICE_NAMES", "my-vl3",
          "NSM_CONNECT_TO", "unix:///var/lib/networkservicemesh/nsm.io.sock",
          "NSM_LISTEN_ON", "listen.on.sock",
          "NSM_REGISTER_SERVICE", "false",
          "NSM_LABELS", "app:vl3,tier:net",
          "NSM_PREFIX_SERVER_URL", "tcp://vl3-ipam.ns-vl3:5006");

  @Test
  void podWithoutFile_isServedFromItsVariables() {
    Vl3Config config = load(POD);

    EndpointConfig endpoint = config.endpoints().get(0);
    assertThat(endpoint.name()).isEqualTo("vl3-7f9c");
    assertThat(endpoint.service()).isEqualTo("my-vl3");
    assertThat(endpoint.labels()).isEqualTo(Map.of("app", "vl3", "tier", "net"));
    assertThat(endpoint.ipam().addressing()).isEqualTo(AddressingMode.UNNUMBERED);
    assertThat(endpoint.ipam().choice())
        .isEqualTo(new PrefixChoice.Served(List.of("tcp://vl3-ipam.ns-vl3:5006")));
    assertThat(endpoint.ipam().pools()).isEmpty();
    assertThat(endpoint.nameTemplates())
        .hasToString("[{{ index .Labels \"podName\" }}.{{ .NetworkService }}.]");
    assertThat(config.nsm().choice().api()).isEqualTo(NsmChoice.Api.V1);
    assertThat(config.nsm().listenOn()).contains("unix:///run/vl3/listen.on.sock");
    assertThat(config.nsm().nse().registerService()).isFalse();
    assertThat(config.nsm().nse().unregisterItself()).isTrue();
    assertThat(config.nsm().tokenLifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.nsm().nse().requestTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.nsm().nse().idleTimeout()).isEmpty();
    assertThat(config.nsm().nse().liveness())
        .contains(new NseSettings.Liveness(Duration.ofMillis(1200), Duration.ofMillis(500)));
  }

  @Test
  void everyVariable_isHonoured() {
    Map<String, String> pod = new HashMap<>(POD);
    pod.put("NSM_PREFIX_SERVER_URL", "ipam4:5006,tcp://[fd00::1]:5006");
    pod.put("NSM_MAX_TOKEN_LIFETIME", "1h30m");
    pod.put("NSM_REQUEST_TIMEOUT", "20s");
    pod.put("NSM_DIAL_TIMEOUT", "7s");
    pod.put("NSM_DNS_TEMPLATES", "{{ index .Labels \"dnsName\" }}.{{ .NetworkService }}., x.y.");
    pod.put("NSM_IDLE_TIMEOUT", "1m30s500ms");
    pod.put("NSM_UNREGISTER_ITSELF", "false");
    pod.put("NSM_REQUEST_LABELS", "zone:a");
    pod.put("NSM_LIVENESS_CHECK_INTERVAL", "2s");
    pod.put("NSM_LIVENESS_CHECK_TIMEOUT", "300ms");
    NseSettings nse = load(pod).nsm().nse();
    assertThat(nse)
        .isEqualTo(
            new NseSettings(
                Duration.ofSeconds(20),
                Duration.ofSeconds(7),
                Optional.of(Duration.ofMillis(90_500)),
                false,
                false,
                Map.of("zone", "a"),
                Optional.of(
                    new NseSettings.Liveness(Duration.ofSeconds(2), Duration.ofMillis(300)))));
    assertThat(load(pod).nsm().tokenLifetime()).isEqualTo(Duration.ofMinutes(90));
    assertThat(load(pod).endpoints().get(0).ipam().choice())
        .isEqualTo(new PrefixChoice.Served(List.of("tcp://ipam4:5006", "tcp://[fd00::1]:5006")));
    assertThat(load(pod).endpoints().get(0).nameTemplates())
        .hasToString("[{{ index .Labels \"dnsName\" }}.{{ .NetworkService }}., x.y.]");
    pod.put("NSM_LIVENESS_CHECK_ENABLED", "false");
    assertThat(load(pod).nsm().nse().liveness()).isEmpty();
  }

  @Test
  void whatCannotBe_isNamedByItsVariable() {
    Map<String, String> pod = new HashMap<>(POD);
    pod.put("NSM_REQUEST_TIMEOUT", "soon");
    pod.put("NSM_MAX_TOKEN_LIFETIME", "0");
    pod.put("NSM_DIAL_TIMEOUT", "5");
    pod.put("NSM_PREFIX_SERVER_URL", "ipam");
    pod.put("NSM_DNS_TEMPLATES", "{{ .Id }}.vl3.");
    Assertions.assertThatThrownBy(() -> load(pod))
        .isInstanceOf(CliException.class)
        .hasMessageContainingAll(
            "NSM_REQUEST_TIMEOUT: soon (expected: a time, as in 15s, 1h30m or 1200ms)",
            "NSM_MAX_TOKEN_LIFETIME: 0 (expected: 10s..168h, as in 90s, 10m or 1h30m)",
            "NSM_DIAL_TIMEOUT: 5 (expected: a time, as in 15s, 1h30m or 1200ms)",
            "NSM_DNS_TEMPLATES: {{ .Id }}.vl3. (expected: {{ index .Labels \"KEY\" }}, ",
            "; not {{ .Id }})",
            "NSM_PREFIX_SERVER_URL: ipam (expected: tcp://host:port or unix:///path)");
  }

  @Test
  void theFile_saysTheSameWithoutVariables() {
    String text =
        """
        endpoints:
        - name: my-vl3
          vl3: {ipam: {prefixServers: [vl3-ipam:5006], addressing: point-to-point}}
        nsm:
          tokenLifetime: 5m
          requestTimeout: 3s
          idleTimeout: 1h
          registerService: false
          unregisterItself: false
          requestLabels: {zone: b}
          livenessCheck: false
        """;
    Vl3Config config = Configs.read(text);
    assertThat(config.endpoints().get(0).ipam().addressing())
        .isEqualTo(AddressingMode.POINT_TO_POINT);
    assertThat(config.nsm().nse())
        .isEqualTo(
            new NseSettings(
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Optional.of(Duration.ofHours(1)),
                false,
                false,
                Map.of("zone", "b"),
                Optional.empty()));
    assertThat(Configs.mistakes(text.replace("point-to-point", "unnumbered, prefixIndex: 3")))
        .singleElement()
        .asString()
        .contains("expected: nothing, for prefixIndex says the prefix already");
  }

  @Test
  void aProcessWithoutFile_findsItsManagerByOptionOrVariable() {
    assertThat(manager(Map.of(), Optional.empty()).api()).isEqualTo(NsmChoice.Api.EMBEDDED);
    assertThat(manager(POD, Optional.empty()).address())
        .isEqualTo("unix:///var/lib/networkservicemesh/nsm.io.sock");
    assertThat(manager(POD, Optional.of("unix:///other.sock")).address())
        .isEqualTo("unix:///other.sock");
  }

  private static NsmChoice manager(Map<String, String> variables, Optional<String> option) {
    return ConfigFile.loadClient(Optional.empty(), variables, Overrides.NONE.withConnectTo(option))
        .nsm()
        .choice();
  }

  private static Vl3Config load(Map<String, String> variables) {
    assertThat(Path.of("/etc/universal-cnf/config.yaml")).doesNotExist();
    return ConfigFile.load(ConfigFile.STANDARD, variables, Overrides.NONE);
  }
}
