package io.vl3.mesh;

import io.vl3.net.IpPrefix;

/**
 * Our own prefix and a peer's that overlaps it. The later registered of the two gives way: it takes
 * nothing new. The earlier refuses that peer's link alone. Both keep what they serve.
 *
 * @param self our name
 * @param own our prefix
 * @param peer the peer's name
 * @param theirs the prefix that the peer announced
 * @param givesWay whether we are the later registered
 */
public record PrefixOverlap(
    String self, IpPrefix own, String peer, IpPrefix theirs, boolean givesWay) {

  /** Both names and prefixes, and who has to give way. */
  public String message() {
    return givesWay
        ? "own prefix: %s of %s (expected: apart from %s of peer %s, registered earlier)"
            .formatted(own, self, theirs, peer)
        : "announced prefix: %s of peer %s (expected: apart from %s of %s, registered earlier)"
            .formatted(theirs, peer, own, self);
  }
}
