package io.vl3.vpp.api;

import java.util.List;
import java.util.Optional;

/**
 * What follows a request.
 *
 * @param reply the message that answers it; of a dump of the older kind, each entry
 * @param stream whether many messages follow
 * @param entry the messages before the reply, of a dump of the newer kind
 * @param events messages that it subscribes to
 */
public record ApiService(
    String reply, boolean stream, Optional<String> entry, List<String> events) {

  /** Copies the list. */
  public ApiService {
    events = List.copyOf(events);
  }
}
