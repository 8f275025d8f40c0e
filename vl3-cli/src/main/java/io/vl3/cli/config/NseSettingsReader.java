package io.vl3.cli.config;

import io.vl3.transport.TransportOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads how endpoints behave: the variables of NSM's own vL3 beat the section {@code nsm}. */
final class NseSettingsReader {

  private final Environment environment;
  private final Section nsm;

  NseSettingsReader(Environment environment, Section nsm) {
    this.environment = environment;
    this.nsm = nsm;
  }

  NseSettings read() {
    Optional<Duration> idle =
        duration("idleTimeout", "NSM_IDLE_TIMEOUT").filter(timeout -> !timeout.isZero());
    return new NseSettings(
        positive("requestTimeout", "NSM_REQUEST_TIMEOUT", Duration.ofSeconds(15)),
        positive("dialTimeout", "NSM_DIAL_TIMEOUT", TransportOptions.CONNECT_TIMEOUT),
        idle,
        bool("registerService", "NSM_REGISTER_SERVICE"),
        bool("unregisterItself", "NSM_UNREGISTER_ITSELF"),
        requestLabels(),
        liveness());
  }

  private Optional<NseSettings.Liveness> liveness() {
    NseSettings.Liveness liveness =
        new NseSettings.Liveness(
            positive("livenessInterval", "NSM_LIVENESS_CHECK_INTERVAL", Duration.ofMillis(1200)),
            positive("livenessTimeout", "NSM_LIVENESS_CHECK_TIMEOUT", Duration.ofMillis(500)));
    return bool("livenessCheck", "NSM_LIVENESS_CHECK_ENABLED")
        ? Optional.of(liveness)
        : Optional.empty();
  }

  private Map<String, String> requestLabels() {
    Map<String, String> labels = new LinkedHashMap<>(nsm.map("requestLabels"));
    labels.putAll(environment.map("NSM_REQUEST_LABELS"));
    return labels;
  }

  private boolean bool(String key, String variable) {
    Optional<Boolean> file = nsm.bool(key);
    return environment.bool(variable).or(() -> file).orElse(true);
  }

  private Duration positive(String key, String variable, Duration standard) {
    Optional<Duration> file = nsm.text(key, Parsers::positiveDuration).map(Located::value);
    return environment.text(variable, Parsers::positiveDuration).or(() -> file).orElse(standard);
  }

  private Optional<Duration> duration(String key, String variable) {
    Optional<Duration> file = nsm.text(key, Parsers::duration).map(Located::value);
    return environment.text(variable, Parsers::duration).or(() -> file);
  }
}
