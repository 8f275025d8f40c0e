package io.vl3.mesh;

import io.vl3.registry.EndpointRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Over which hub a spoke reaches the whole network: of those that it has a working link to, the one
 * that its name draws. So spokes spread over the hubs, and only those of a lost hub move.
 * Thread-safe.
 */
final class Uplink {

  private volatile Optional<String> hub = Optional.empty();

  /** The hub's name; empty if there is none, or if we are no spoke. */
  Optional<String> hub() {
    return hub;
  }

  /** Whether it is that peer's. */
  boolean isOver(EndpointRecord self, EndpointRecord peer) {
    return self.isSpoke() && peer.isHub() && hub.equals(Optional.of(peer.name()));
  }

  /**
   * Chooses anew.
   *
   * @param working the hubs that there is a working link to
   * @return whether it is another than before
   */
  boolean choose(EndpointRecord self, Collection<String> working) {
    Optional<String> before = hub;
    hub =
        working.stream()
            .max(
                Comparator.comparingLong((String name) -> draw(self.localName(), name))
                    .thenComparing(Comparator.naturalOrder()));
    return !hub.equals(before);
  }

  private static long draw(String spoke, String hub) {
    CRC32 sum = new CRC32();
    sum.update((spoke + ">" + hub).getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }
}
