package io.vl3.mesh;

import io.vl3.net.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the mesh stands with one peer, for people.
 *
 * @param peer the peer's name as registered, with its domain if it has another
 * @param state the state
 * @param since when the state began
 * @param lastError why the last dial or the link failed; empty once a link stands
 * @param failures how many dials failed in a row
 * @param prefixes what the peer announced
 * @param dialler who dialled the link
 */
public record PeerStatus(
    String peer,
    PeerState state,
    Instant since,
    Optional<String> lastError,
    int failures,
    List<IpPrefix> prefixes,
    Dialler dialler) {

  /** Copies the list. */
  public PeerStatus {
    prefixes = List.copyOf(prefixes);
  }
}
