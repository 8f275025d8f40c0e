package io.vl3.cli.config;

import java.time.Duration;

/**
 * How the process ends.
 *
 * @param deadline how long it may take to put everything away
 */
public record StopConfig(Duration deadline) {

  /** Kubernetes kills after 30 s unless told otherwise. */
  public static final Duration USUAL_DEADLINE = Duration.ofSeconds(25);

  /** The rest is for the manager and the sockets. */
  public Duration forNses() {
    return deadline.multipliedBy(4).dividedBy(5);
  }
}
