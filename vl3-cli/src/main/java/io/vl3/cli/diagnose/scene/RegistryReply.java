package io.vl3.cli.diagnose.scene;

import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointRecord;
import java.util.List;
import java.util.Optional;

/**
 * What the registry behind a manager shows.
 *
 * @param asked whether it could be asked from here
 * @param failure why it does not answer; empty if it does
 * @param records the endpoints of the services that are looked for
 */
public record RegistryReply(
    boolean asked, Optional<EndpointException> failure, List<EndpointRecord> records) {

  static final RegistryReply NOT_ASKED = new RegistryReply(false, Optional.empty(), List.of());

  /** Copies the list. */
  public RegistryReply {
    records = List.copyOf(records);
  }

  static RegistryReply failed(EndpointException failure) {
    return new RegistryReply(true, Optional.of(failure), List.of());
  }

  /** Whether it was asked and has answered. */
  public boolean answered() {
    return asked && failure.isEmpty();
  }
}
