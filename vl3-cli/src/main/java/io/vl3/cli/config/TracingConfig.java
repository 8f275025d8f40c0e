package io.vl3.cli.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether and where the process sends spans.
 *
 * @param on whether any are recorded; if not, nothing of the rest counts
 * @param endpoint the OTLP receiver, {@code http://host:port} or {@code https://host:port}
 * @param sampling the share of the traces begun here that is recorded, 0 to 1
 * @param serviceName as whom; empty: named by what runs
 * @param attributes what else is said of the process
 * @param headers what goes with each batch; may be secret
 * @param certificate PEM file with the authorities of an https endpoint; empty: the JDK's
 */
public record TracingConfig(
    boolean on,
    URI endpoint,
    double sampling,
    Optional<String> serviceName,
    Map<String, String> attributes,
    Map<String, String> headers,
    Optional<Path> certificate) {

  public static final String STANDARD_ENDPOINT = "http://localhost:4317";

  /** Records nothing. */
  public static final TracingConfig OFF =
      new TracingConfig(
          false,
          URI.create(STANDARD_ENDPOINT),
          1,
          Optional.empty(),
          Map.of(),
          Map.of(),
          Optional.empty());

  /** Copies the maps. */
  public TracingConfig {
    attributes = Map.copyOf(attributes);
    headers = Map.copyOf(headers);
  }

  /** In a word, without the headers. */
  @Override
  public String toString() {
    return on ? "%s, %s of the traces begun here".formatted(endpoint, sampling) : "off";
  }
}
