package io.vl3.cli.config.read;

import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.transport.TransportOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads how endpoints behave: the variables of NSM's own vL3 beat the section {@code nsm}. */
final class NseSettingsReader {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(1200);
  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);

  /**
   * A registration is refreshed at two thirds of its life, and NSM's servers end it earlier by what
   * the call had left: with more than a third it would end before.
   */
  private static final int SHARE_OF_TOKEN = 3;

  private final Environment environment;
  private final Section nsm;
  private final Times times;

  NseSettingsReader(Environment environment, Section nsm, Times times) {
    this.environment = environment;
    this.nsm = nsm;
    this.times = times;
  }

  NseSettings read(Duration tokenLifetime) {
    Duration request = requestTimeout(tokenLifetime);
    return new NseSettings(
        request,
        dialTimeout(request),
        idleTimeout(request),
        bool("registerService", "NSM_REGISTER_SERVICE"),
        bool("unregisterItself", "NSM_UNREGISTER_ITSELF"),
        requestLabels(),
        liveness());
  }

  private Duration requestTimeout(Duration tokenLifetime) {
    Duration most = tokenLifetime.dividedBy(SHARE_OF_TOKEN);
    Optional<Times.Given> given = positive("requestTimeout", "NSM_REQUEST_TIMEOUT");
    given
        .filter(time -> time.value().compareTo(most) > 0)
        .ifPresent(
            time ->
                times.refuse(
                    time,
                    "at most %s, a third of nsm.tokenLifetime %s: NSM's servers end a connection and a registration earlier by what their call had left"
                        .formatted(Parsers.time(most), Parsers.time(tokenLifetime))));
    return given.map(Times.Given::value).orElse(least(REQUEST_TIMEOUT, most));
  }

  private Duration dialTimeout(Duration request) {
    Optional<Times.Given> given = positive("dialTimeout", "NSM_DIAL_TIMEOUT");
    given
        .filter(time -> time.value().compareTo(request) > 0)
        .ifPresent(
            time ->
                times.note(
                    time,
                    "longer than nsm.requestTimeout %s, after which whoever waits for the connection has given up"
                        .formatted(Parsers.time(request))));
    return given.map(Times.Given::value).orElse(least(TransportOptions.CONNECT_TIMEOUT, request));
  }

  private Optional<Duration> idleTimeout(Duration request) {
    Optional<Times.Given> given =
        times
            .read("idleTimeout", "NSM_IDLE_TIMEOUT", Parsers::duration)
            .filter(time -> !time.value().isZero());
    given
        .filter(time -> time.value().compareTo(request) < 0)
        .ifPresent(
            time ->
                times.note(
                    time,
                    "shorter than nsm.requestTimeout %s: the process may end while its first request is on the way"
                        .formatted(Parsers.time(request))));
    return given.map(Times.Given::value);
  }

  private Optional<NseSettings.Liveness> liveness() {
    Duration interval =
        positive("livenessInterval", "NSM_LIVENESS_CHECK_INTERVAL")
            .map(Times.Given::value)
            .orElse(PROBE_INTERVAL);
    Optional<Times.Given> timeout = positive("livenessTimeout", "NSM_LIVENESS_CHECK_TIMEOUT");
    boolean checked = bool("livenessCheck", "NSM_LIVENESS_CHECK_ENABLED");
    timeout
        .filter(time -> checked && time.value().compareTo(interval) > 0)
        .ifPresent(
            time ->
                times.note(
                    time,
                    "longer than nsm.livenessInterval %s: a link that does not answer is probed as seldom as that"
                        .formatted(Parsers.time(interval))));
    NseSettings.Liveness liveness =
        new NseSettings.Liveness(interval, timeout.map(Times.Given::value).orElse(PROBE_TIMEOUT));
    return checked ? Optional.of(liveness) : Optional.empty();
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

  private Optional<Times.Given> positive(String key, String variable) {
    return times.read(key, variable, Parsers::positiveDuration);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
