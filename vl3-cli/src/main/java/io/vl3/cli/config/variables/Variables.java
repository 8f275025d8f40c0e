package io.vl3.cli.config.variables;

import io.vl3.cli.config.file.ConfigKeys;
import io.vl3.cli.config.mistake.Nearest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which environment variables are honoured, and why others of NSM's programs, of the original and
 * of ours are not.
 */
public final class Variables {

  /** Variables with such a name are meant for a program of this kind. */
  private static final Pattern OURS = Pattern.compile("(?:NSM|NSE|VL3)_.+");

  /**
   * The variables that Kubernetes sets in every pod for a service of the same namespace (Docker's
   * links).
   */
  private static final Pattern OF_A_SERVICE = Pattern.compile("(.+)_SERVICE_HOST");

  private static final List<String> OFF = List.of("false", "FALSE", "False", "f", "F", "0");

  /** Those that no key of the file stands for. */
  private static final List<String> WITHOUT_KEY =
      List.of(
          "NSE_IPAM_UNIQUE_OCTET",
          "NSE_POD_IP",
          "OTEL_EXPORTER_OTLP_HEADERS",
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
          "VL3_JAVA_OPTS");

  private static final String JAEGER =
      "spans go out by OTLP, which Jaeger takes at port 4317; tracing.endpoint says where";
  private static final String PPROF =
      "a JVM has no pprof; use jcmd, or a profiler's options in VL3_JAVA_OPTS";
  private static final String SPIRE = "no SPIRE is started here; nsm.tls says whose SVID is used";

  /** Those that are known and have no effect, with why. */
  public static final Map<String, String> WITHOUT_EFFECT =
      ordered(
          Map.entry(
              "NSM_REGISTRY_CLIENT_POLICIES",
              "policies in OPA's language are not read; the checks that are built in apply"),
          Map.entry("JAEGER_AGENT_PORT", JAEGER),
          Map.entry("JAEGER_ENDPOINT", JAEGER),
          Map.entry("JAEGER_SERVICE_PORT_JAEGER", JAEGER),
          Map.entry("JAEGER_USER", JAEGER),
          Map.entry("JAEGER_PASSWORD", JAEGER),
          Map.entry("JAEGER_SAMPLER_MANAGER_HOST_PORT", JAEGER),
          Map.entry("JAEGER_SAMPLING_ENDPOINT", JAEGER),
          Map.entry("OTEL_PROPAGATORS", "traces are handed on as W3C has it, and NSM with it"),
          Map.entry(
              "NSM_METRICS_EXPORT_INTERVAL", "figures are fetched at metrics.port, and not sent"),
          Map.entry("NSM_PPROF_ENABLED", PPROF),
          Map.entry("NSM_PPROF_LISTEN_ON", PPROF),
          Map.entry("NSM_FEDERATES_WITH", SPIRE),
          Map.entry("NSM_TRUST_DOMAIN", SPIRE),
          Map.entry("NSM_REGISTER_AS_URL", "the NSE is registered with the URL that it listens on"),
          Map.entry("NSM_TUNNEL_IP", "nsm.manager.tunnelIp in the file says it"),
          Map.entry("NSM_VL3_PREFIX", "endpoints[].vl3.ipam.defaultPrefixPool in the file says it"),
          Map.entry("NSM_INTERFACE_NAME", "whoever asks names the interface"),
          Map.entry("NSM_DEVICE_PLUGIN", "it only says that a device plugin gave the workspace"),
          Map.entry("NSM_VPP_MIN_OPERATION_TIMEOUT", "VPP is programmed through its agent"));

  private Variables() {}

  /** A line for each cause that variables have no effect for. */
  public static List<String> notices(Map<String, String> variables) {
    Map<String, String> set = new TreeMap<>();
    variables.forEach(
        (name, value) -> {
          if (!value.isBlank()) {
            set.put(name, value);
          }
        });
    return Stream.concat(withoutEffect(set), unknown(set)).toList();
  }

  /** Every name that is read, with or without effect. */
  public static Set<String> known() {
    Set<String> names = new TreeSet<>(WITHOUT_KEY);
    ConfigKeys.ALL.stream()
        .flatMap(key -> Arrays.stream(key.variable().split("[^A-Z0-9_]+", -1)))
        .filter(word -> word.length() > 3)
        .forEach(names::add);
    names.addAll(WITHOUT_EFFECT.keySet());
    return names;
  }

  /** Variables that are switched off need no warning. */
  private static Stream<String> withoutEffect(Map<String, String> set) {
    Map<String, List<String>> byCause =
        WITHOUT_EFFECT.entrySet().stream()
            .filter(entry -> set.containsKey(entry.getKey()))
            .filter(entry -> !OFF.contains(set.get(entry.getKey())))
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    LinkedHashMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    return byCause.entrySet().stream()
        .map(
            cause ->
                "%s: without effect: %s"
                    .formatted(String.join(", ", cause.getValue()), cause.getKey()));
  }

  private static Stream<String> unknown(Map<String, String> set) {
    Set<String> known = known();
    List<String> services =
        set.keySet().stream()
            .map(OF_A_SERVICE::matcher)
            .flatMap(matcher -> matcher.matches() ? Stream.of(matcher.group(1) + "_") : Stream.of())
            .toList();
    return set.keySet().stream()
        .filter(name -> OURS.matcher(name).matches() && !known.contains(name))
        .filter(name -> services.stream().noneMatch(name::startsWith))
        .map(
            name ->
                "%s: without effect: no variable of this program%s"
                    .formatted(
                        name,
                        Nearest.of(name, known)
                            .map(meant -> "; did you mean " + meant + "?")
                            .orElse("")));
  }

  @SafeVarargs
  private static Map<String, String> ordered(Map.Entry<String, String>... entries) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : entries) {
      all.put(entry.getKey(), entry.getValue());
    }
    return all;
  }
}
