package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.cli.config.LogConfig;
import io.vl3.cli.config.TracingConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingReaderTest {

  private static TracingConfig read(String text, Map<String, String> variables) {
    return Configs.read(Configs.MINIMAL + text, variables).tracing();
  }

  @Test
  void nobodyWhoDoesNotAsk_isTraced() {
    assertThat(read("", Map.of()).on()).isFalse();
    assertThat(read("tracing: {sampling: 0.5}\n", Map.of()).on()).isFalse();
    assertThat(read("", Map.of("NSM_OPEN_TELEMETRY_ENDPOINT", "otel:4317")).on()).isFalse();
    assertThat(read("", Map.of("JAEGER_AGENT_HOST", "jaeger")).on()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://otel:4317, true",
    "TELEMETRY, true, true",
    "TELEMETRY, 1, true",
    "TELEMETRY, opentelemetry, false",
    "TRACER_ENABLED, true, true",
    "TRACER_ENABLED, false, false",
  })
  void variables_switchItOn(String variable, String value, boolean on) {
    assertThat(read("", Map.of(variable, value)).on()).isEqualTo(on);
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_SDK_DISABLED, true",
    "OTEL_TRACES_EXPORTER, none",
    "JAEGER_DISABLED, true",
    "TELEMETRY, false",
    "TRACER_ENABLED, false",
  })
  void variables_switchItOff_againstTheFile(String variable, String value) {
    String file = "tracing: {endpoint: 'http://otel:4317'}\n";
    assertThat(read(file, Map.of()).on()).isTrue();
    assertThat(read(file, Map.of(variable, value)).on()).isFalse();
    assertThat(read("tracing: {enabled: true}\n", Map.of(variable, value)).on()).isFalse();
  }

  @Test
  void theEndpoint_isTheStandardsVariable_thenNsms_thenTheFile_thenBesideJaegersAgent() {
    String file = "tracing: {endpoint: 'https://file:1'}\n";
    assertThat(read("tracing: {enabled: true}\n", Map.of()).endpoint())
        .hasToString("http://localhost:4317");
    assertThat(read("", Map.of("JAEGER_AGENT_HOST", "jaeger")).endpoint())
        .hasToString("http://jaeger:4317");
    assertThat(read(file, Map.of("JAEGER_AGENT_HOST", "jaeger")).endpoint())
        .hasToString("https://file:1");
    assertThat(read(file, Map.of("NSM_OPEN_TELEMETRY_ENDPOINT", "otel:4317")).endpoint())
        .hasToString("http://otel:4317");
    assertThat(
            read(
                    file,
                    Map.of(
                        "NSM_OPEN_TELEMETRY_ENDPOINT", "otel:4317",
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://[fd00::1]:9/",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces"))
                .endpoint())
        .hasToString("http://traces:4317");
  }

  @Test
  void sampling_isTheStandardsVariable_thenJaegers_thenTheFile() {
    String file = "tracing: {sampling: 0.01}\n";
    assertThat(read("", Map.of()).sampling()).isEqualTo(1);
    assertThat(read(file, Map.of()).sampling()).isEqualTo(0.01);
    Map<String, String> jaeger =
        Map.of("JAEGER_SAMPLER_TYPE", "probabilistic", "JAEGER_SAMPLER_PARAM", "0.2");
    assertThat(read(file, jaeger).sampling()).isEqualTo(0.2);
    assertThat(read(file, Map.of("OTEL_TRACES_SAMPLER", "always_off")).sampling()).isZero();
    assertThat(
            read(
                    file,
                    Map.of(
                        "OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
                        "OTEL_TRACES_SAMPLER_ARG", "0.25"))
                .sampling())
        .isEqualTo(0.25);
  }

  @Test
  void whatIsSaidOfTheProcess() {
    TracingConfig config =
        read(
            "tracing: {serviceName: file, attributes: {zone: a, rack: r}}\n",
            Map.of(
                "JAEGER_SERVICE_NAME", "jaeger",
                "JAEGER_TAGS", "zone=b",
                "OTEL_RESOURCE_ATTRIBUTES", "zone=c%20d,service.name=resource",
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20c2VjcmV0"));
    assertThat(config.serviceName()).contains("resource");
    assertThat(config.attributes()).containsEntry("zone", "c d").containsEntry("rack", "r");
    assertThat(config.headers()).containsEntry("authorization", "Basic c2VjcmV0");
    assertThat(config.toString()).doesNotContain("c2VjcmV0");
    assertThat(read("", Map.of("OTEL_SERVICE_NAME", "otel")).serviceName()).contains("otel");
  }

  @Test
  void whatCannotBeHonoured_isOneNotice() {
    Map<String, String> variables =
        Map.of(
            "TRACER_ENABLED", "true",
            "JAEGER_AGENT_HOST", "jaeger",
            "JAEGER_AGENT_PORT", "6831",
            "JAEGER_ENDPOINT", "http://jaeger:14268/api/traces",
            "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    assertThat(Configs.read(Configs.MINIMAL, variables).notices())
        .containsExactlyInAnyOrder(
            "JAEGER_AGENT_PORT, JAEGER_ENDPOINT: without effect: spans go out by OTLP, which Jaeger"
                + " takes at port 4317; tracing.endpoint says where",
            "OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf: without effect: spans go out by OTLP over"
                + " gRPC, usually at port 4317");
  }

  @ParameterizedTest
  @CsvSource({
    "'tracing: {sampling: 2}', 'tracing.sampling: 2 (expected: a number, 0..1)'",
    "'tracing: {sampling: much}', 'tracing.sampling: much (expected: a number, 0..1)'",
    "'tracing: {endpoint: \"http://h:1/v1/traces\"}', 'tracing.endpoint: http://h:1/v1/traces"
        + " (expected: http://host:port or https://host:port)'",
    "'tracing: {endpoint: \"udp://h:1\"}', 'tracing.endpoint: udp://h:1"
        + " (expected: http://host:port or https://host:port)'",
    "'log: {format: xml}', 'log.format: xml (expected: one of text, json)'",
    "'log: {level: loud}', 'log.level: loud (expected: one of trace, debug, info, warn, error,"
        + " off)'",
  })
  void mistakes_areNamed(String text, String mistake) {
    assertThatThrownBy(
            () ->
                ConfigReader.read(
                    "vl3.yaml", Configs.MINIMAL + text + "\n", Map.of(), Overrides.NONE))
        .hasMessageContaining(mistake);
  }

  @Test
  void aSecretThatIsWrittenWrongly_isNotShown() {
    assertThatThrownBy(
            () ->
                ConfigReader.read(
                    "vl3.yaml",
                    Configs.MINIMAL,
                    Map.of("OTEL_EXPORTER_OTLP_HEADERS", "hunter2"),
                    Overrides.NONE))
        .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS: ")
        .hasMessageContaining("key=value")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void theLog_isAsTheVariableSays_thenTheFile() {
    String file = Configs.MINIMAL + "log: {format: json, level: debug}\n";
    LogConfig config = Configs.read(file, Map.of()).log();
    assertThat(config.format()).isEqualTo(LogConfig.Format.JSON);
    assertThat(config.level()).contains("DEBUG");
    assertThat(Configs.read(file, Map.of("NSM_LOG_LEVEL", "info")).log().level()).contains("INFO");
    assertThat(Configs.read(Configs.MINIMAL, Map.of()).log()).isEqualTo(LogConfig.STANDARD);
  }
}
