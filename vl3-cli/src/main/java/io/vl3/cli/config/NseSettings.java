package io.vl3.cli.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How endpoints behave towards their manager and their peers.
 *
 * @param requestTimeout how long a request that we start may take
 * @param dialTimeout how long a connection to a manager or another server may take to be made
 * @param idleTimeout after how long without any connection the process ends; empty: never
 * @param registerService whether to register the network service too
 * @param unregisterItself whether to unregister the endpoint at the end
 * @param requestLabels labels of the requests to peers
 * @param liveness how peer links are probed; empty: not at all
 */
public record NseSettings(
    Duration requestTimeout,
    Duration dialTimeout,
    Optional<Duration> idleTimeout,
    boolean registerService,
    boolean unregisterItself,
    Map<String, String> requestLabels,
    Optional<Liveness> liveness) {

  /** Copies the labels. */
  public NseSettings {
    requestLabels = Map.copyOf(requestLabels);
  }

  /**
   * Probing of peer links.
   *
   * @param interval between two probes of a link
   * @param timeout how long an answer may take
   */
  public record Liveness(Duration interval, Duration timeout) {}
}
