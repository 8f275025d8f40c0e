package io.vl3.cli.config;

import java.util.List;

/**
 * The whole configuration, checked, with variables and options already applied.
 *
 * @param endpoints at least one
 */
public record Vl3Config(
    List<EndpointConfig> endpoints,
    NsmConfig nsm,
    DataPlaneConfig dataplane,
    StateConfig state,
    MetricsConfig metrics) {

  /** Copies the list. */
  public Vl3Config {
    endpoints = List.copyOf(endpoints);
  }
}
