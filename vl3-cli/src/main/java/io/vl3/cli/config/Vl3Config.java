package io.vl3.cli.config;

import java.util.List;

/**
 * The whole configuration, checked, with variables and options already applied.
 *
 * @param endpoints at least one
 * @param notices what is allowed but has another effect than it seems to have, a line for each
 */
public record Vl3Config(
    List<EndpointConfig> endpoints,
    NsmConfig nsm,
    DataPlaneConfig dataplane,
    StateConfig state,
    StopConfig stop,
    MetricsConfig metrics,
    TracingConfig tracing,
    LogConfig log,
    AdminConfig admin,
    List<String> notices) {

  /** Copies the lists. */
  public Vl3Config {
    endpoints = List.copyOf(endpoints);
    notices = List.copyOf(notices);
  }
}
