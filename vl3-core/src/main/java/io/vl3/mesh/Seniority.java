package io.vl3.mesh;

import io.vl3.registry.EndpointRecord;

/** Which of two endpoints registered later; both sides come to the same answer. */
final class Seniority {

  private Seniority() {}

  /** By first registration, where both are known; else, and for a tie, by name. */
  static boolean isLater(EndpointRecord one, EndpointRecord other) {
    if (one.registered().isPresent() && other.registered().isPresent()) {
      int byTime = one.registered().get().compareTo(other.registered().get());
      if (byTime != 0) {
        return byTime > 0;
      }
    }
    return one.localName().compareTo(other.localName()) > 0;
  }
}
