package io.vl3.cli.config;

import java.util.List;

/**
 * What of a configuration concerns a process that provides no endpoint.
 *
 * @param notices what is allowed but has another effect than it seems to have, a line for each
 */
public record ClientConfig(
    NsmConfig nsm, TracingConfig tracing, LogConfig log, List<String> notices) {

  /** Copies the list. */
  public ClientConfig {
    notices = List.copyOf(notices);
  }
}
