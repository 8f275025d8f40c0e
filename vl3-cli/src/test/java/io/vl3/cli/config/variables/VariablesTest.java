package io.vl3.cli.config.variables;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.read.Configs;
import io.vl3.cli.config.read.Overrides;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No variable that is meant for this program passes without a word. */
class VariablesTest {

  /** The table of NSM's own vL3. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "NSM_NAME",
        "NSM_DIAL_TIMEOUT",
        "NSM_REQUEST_TIMEOUT",
        "NSM_LISTEN_ON",
        "NSM_CONNECT_TO",
        "NSM_MAX_TOKEN_LIFETIME",
        "NSM_REGISTRY_CLIENT_POLICIES",
        "NSM_SERVICE_NAMES",
        "NSM_LABELS",
        "NSM_REQUEST_LABELS",
        "NSM_IDLE_TIMEOUT",
        "NSM_REGISTER_SERVICE",
        "NSM_UNREGISTER_ITSELF",
        "NSM_OPEN_TELEMETRY_ENDPOINT",
        "NSM_METRICS_EXPORT_INTERVAL",
        "NSM_PREFIX_SERVER_URL",
        "NSM_DNS_TEMPLATES",
        "NSM_LOG_LEVEL",
        "NSM_PPROF_ENABLED",
        "NSM_PPROF_LISTEN_ON",
        "NSM_LIVENESS_CHECK_ENABLED",
        "NSM_LIVENESS_CHECK_INTERVAL",
        "NSM_LIVENESS_CHECK_TIMEOUT"
      })
  void nsmsOwnVariables_areHonouredOrAnsweredByWhy(String name) {
    assertThat(Variables.known()).contains(name);
  }

  @Test
  void thoseWithoutEffect_areNamedOncePerCause() {
    assertThat(
            Variables.notices(
                Map.of(
                    "NSM_PPROF_ENABLED", "true",
                    "NSM_PPROF_LISTEN_ON", ":6060",
                    "NSM_METRICS_EXPORT_INTERVAL", "10s")))
        .containsExactly(
            "NSM_METRICS_EXPORT_INTERVAL: without effect: figures are fetched at metrics.port, and"
                + " not sent",
            "NSM_PPROF_ENABLED, NSM_PPROF_LISTEN_ON: without effect: a JVM has no pprof; use jcmd,"
                + " or a profiler's options in VL3_JAVA_OPTS");
  }

  @Test
  void whatIsSwitchedOffOrEmpty_isNotNamed() {
    assertThat(
            Variables.notices(
                Map.of("NSM_PPROF_ENABLED", "false", "TRACER_ENABLED", "0", "NSM_TUNNEL_IP", " ")))
        .isEmpty();
  }

  @Test
  void unknownOnes_areNamed_withWhatWasProbablyMeant() {
    assertThat(
            Variables.notices(
                Map.of("NSM_SERVICE_NAME", "x", "VL3_RUNDIR", "/r", "NSE_X", "1", "HOME", "/root")))
        .containsExactly(
            "NSE_X: without effect: no variable of this program",
            "NSM_SERVICE_NAME: without effect: no variable of this program; did you mean"
                + " NSM_SERVICE_NAMES?",
            "VL3_RUNDIR: without effect: no variable of this program; did you mean VL3_RUN_DIR?");
  }

  @Test
  void aConfiguration_carriesThem_andAnUnknownLogLevelIsAMistake() {
    assertThat(Configs.read(Configs.MINIMAL, Map.of("NSM_LOG_LEVL", "info")).notices()).hasSize(1);
    assertThat(Configs.mistakes(Configs.MINIMAL, Map.of("NSM_LOG_LEVEL", "chatty"), Overrides.NONE))
        .isEqualTo(
            List.of("NSM_LOG_LEVEL: chatty (expected: trace, debug, info, warn, error or off)"));
    assertThat(Configs.read(Configs.MINIMAL, Map.of("NSM_LOG_LEVEL", "warning")).notices())
        .isEmpty();
  }
}
