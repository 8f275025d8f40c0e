package io.vl3.cli.config.read;

import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads the section {@code tracing}, and the variables of OpenTelemetry, of NSM v1 and of the
 * original (those of Jaeger's former clients), in this order.
 */
final class TracingReader {

  private static final int OTLP_OVER_HTTP = 4318;
  private static final String BY_GRPC = "spans go out by OTLP over gRPC, usually at port 4317";

  private final Environment environment;
  private final Mistakes mistakes;

  TracingReader(Environment environment, Mistakes mistakes) {
    this.environment = environment;
    this.mistakes = mistakes;
  }

  TracingConfig read(Section section) {
    Optional<URI> standard =
        first(
            TracingReader::endpoint,
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "OTEL_EXPORTER_OTLP_ENDPOINT");
    Optional<URI> file = section.text("endpoint", TracingReader::endpoint).map(Located::value);
    Optional<Boolean> enabled = section.bool("enabled");
    boolean on =
        switchedOff()
            ? false
            : switchedOn().or(() -> enabled).orElse(standard.isPresent() || file.isPresent());
    Optional<URI> nsm = first(TracingReader::endpoint, "NSM_OPEN_TELEMETRY_ENDPOINT");
    URI endpoint =
        standard
            .or(() -> nsm)
            .or(() -> file)
            .or(this::besideAgent)
            .orElseGet(() -> URI.create(TracingConfig.STANDARD_ENDPOINT));
    if (on) {
      noteProtocol(endpoint);
    }
    Map<String, String> attributes = attributes(section);
    return new TracingConfig(
        on,
        endpoint,
        sampling(section),
        serviceName(section, attributes),
        attributes,
        pairs("OTEL_EXPORTER_OTLP_HEADERS"),
        certificate(section));
  }

  private boolean switchedOff() {
    Optional<String> exporter = environment.raw("OTEL_TRACES_EXPORTER");
    exporter
        .filter(name -> !name.equals("none") && !name.equals("otlp"))
        .ifPresent(name -> note("OTEL_TRACES_EXPORTER", name, BY_GRPC));
    return exporter.filter("none"::equals).isPresent()
        || environment.bool("OTEL_SDK_DISABLED").orElse(false)
        || environment.bool("JAEGER_DISABLED").orElse(false);
  }

  /** NSM's programs take {@code TELEMETRY} for a boolean of Go, and anything else for false. */
  private Optional<Boolean> switchedOn() {
    Optional<String> telemetry = environment.raw("TELEMETRY");
    if (telemetry.filter(text -> !text.matches("(?i)true|false|t|f|1|0")).isPresent()) {
      note("TELEMETRY", telemetry.get(), "true or false is expected, as by NSM's own programs");
      return Optional.of(false);
    }
    return environment.bool("TELEMETRY").or(() -> environment.bool("TRACER_ENABLED"));
  }

  /** Jaeger's agent is no more; who runs one of today's takes OTLP on the same host. */
  private Optional<URI> besideAgent() {
    return first(host -> endpoint(host + ":4317"), "JAEGER_AGENT_HOST", "JAEGER_SERVICE_HOST");
  }

  private void noteProtocol(URI endpoint) {
    Stream.of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
        .forEach(
            variable ->
                environment
                    .raw(variable)
                    .filter(protocol -> !protocol.equals("grpc"))
                    .ifPresent(protocol -> note(variable, protocol, BY_GRPC)));
    if (endpoint.getPort() == OTLP_OVER_HTTP) {
      mistakes.note("tracing: %s: %s".formatted(endpoint, BY_GRPC));
    }
  }

  private double sampling(Section section) {
    Optional<Double> file = section.text("sampling", TracingReader::ratio).map(Located::value);
    Optional<Double> standard = environment.raw("OTEL_TRACES_SAMPLER").flatMap(this::sampler);
    Optional<Double> jaeger = environment.raw("JAEGER_SAMPLER_TYPE").flatMap(this::jaegerSampler);
    return standard.or(() -> jaeger).or(() -> file).orElse(1.0);
  }

  /** A caller decides for its own traces, whatever the name says. */
  private Optional<Double> sampler(String name) {
    return switch (name.replace("parentbased_", "")) {
      case "always_on" -> Optional.of(1.0);
      case "always_off" -> Optional.of(0.0);
      case "traceidratio" ->
          environment
              .text("OTEL_TRACES_SAMPLER_ARG", TracingReader::ratio)
              .or(() -> Optional.of(1.0));
      default -> {
        note("OTEL_TRACES_SAMPLER", name, "it is none of this program's; tracing.sampling counts");
        yield Optional.empty();
      }
    };
  }

  private Optional<Double> jaegerSampler(String type) {
    if (type.equals("const") || type.equals("probabilistic")) {
      return environment.text("JAEGER_SAMPLER_PARAM", TracingReader::ratio);
    }
    note("JAEGER_SAMPLER_TYPE", type, "it is none of this program's; tracing.sampling counts");
    return Optional.empty();
  }

  private Map<String, String> attributes(Section section) {
    Map<String, String> all = new LinkedHashMap<>(section.map("attributes"));
    all.putAll(pairs("JAEGER_TAGS"));
    all.putAll(pairs("OTEL_RESOURCE_ATTRIBUTES"));
    return all;
  }

  private Optional<String> serviceName(Section section, Map<String, String> attributes) {
    return environment
        .raw("OTEL_SERVICE_NAME")
        .or(() -> Optional.ofNullable(attributes.get("service.name")))
        .or(() -> environment.raw("JAEGER_SERVICE_NAME"))
        .or(() -> section.text("serviceName"));
  }

  private Optional<Path> certificate(Section section) {
    return first(
            Parsers::absolutePath,
            "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
            "OTEL_EXPORTER_OTLP_CERTIFICATE")
        .or(() -> section.text("certificate", Parsers::absolutePath).map(Located::value))
        .map(Path::of);
  }

  /**
   * {@code key=value}, separated by commas, values written as in URLs (W3C's baggage). A malformed
   * value may be a secret, and is not shown.
   */
  private Map<String, String> pairs(String variable) {
    Map<String, String> all = new HashMap<>();
    for (String item : environment.raw(variable).orElse("").split(",", -1)) {
      int equals = item.indexOf('=');
      String key = item.substring(0, Math.max(0, equals)).strip();
      if (!key.matches("[\\w.-]+") && !item.isBlank()) {
        environment.refuse(variable, "(hidden)", "key=value, separated by commas");
      } else if (!item.isBlank()) {
        all.put(key, decoded(item.substring(equals + 1).strip()));
      }
    }
    return all;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException plain) {
      return text;
    }
  }

  private <T> Optional<T> first(Function<String, T> parser, String... variables) {
    return Stream.of(variables)
        .filter(variable -> environment.raw(variable).isPresent())
        .findFirst()
        .flatMap(variable -> environment.text(variable, parser));
  }

  private void note(String variable, String value, String why) {
    mistakes.note("%s: %s: without effect: %s".formatted(variable, value, why));
  }

  static URI endpoint(String text) {
    URI url = parsed(text.contains("://") ? text : "http://" + text);
    boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean bare = url.getPath() == null || url.getPath().matches("/?");
    if (!known || !bare || url.getHost() == null || url.getUserInfo() != null) {
      throw noEndpoint(text);
    }
    int port = url.getPort() < 0 ? 4317 : url.getPort();
    return URI.create("%s://%s:%d".formatted(url.getScheme(), url.getHost(), port));
  }

  private static URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException malformed) {
      throw noEndpoint(text);
    }
  }

  private static IllegalArgumentException noEndpoint(String text) {
    return new IllegalArgumentException(
        text + " (expected: http://host:port or https://host:port)");
  }

  private static double ratio(String text) {
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException malformed) {
      // Told below, like every other number out of range.
    }
    throw new IllegalArgumentException(text + " (expected: a number, 0..1)");
  }
}
