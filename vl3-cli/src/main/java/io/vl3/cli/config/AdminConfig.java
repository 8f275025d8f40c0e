package io.vl3.cli.config;

import io.vl3.transport.TransportUrl;
import java.util.List;
import java.util.Optional;

/**
 * Where the admin service is reached from other machines.
 *
 * @param listenOn a TCP port; empty: nowhere
 * @param allow SPIFFE IDs and trust domains that may ask; empty: everybody on this machine
 */
public record AdminConfig(Optional<TransportUrl.Tcp> listenOn, List<String> allow) {

  /** Copies the list. */
  public AdminConfig {
    allow = List.copyOf(allow);
  }
}
