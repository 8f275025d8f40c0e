package io.vl3.mesh;

import io.vl3.registry.EndpointRecord;

/** Which of two endpoints registered later; both sides come to the same answer. */
final class Seniority {

  private Seniority() {}

  /** By first registration, where both are known; for a tie by name, for namesakes by run. */
  static boolean isLater(EndpointRecord one, EndpointRecord other) {
    if (one.registered().isPresent() && other.registered().isPresent()) {
      int byTime = one.registered().get().compareTo(other.registered().get());
      if (byTime != 0) {
        return byTime > 0;
      }
    }
    int byName = one.localName().compareTo(other.localName());
    return byName != 0 ? byName > 0 : run(one).compareTo(run(other)) > 0;
  }

  private static String run(EndpointRecord endpoint) {
    return endpoint.instance().orElse("");
  }
}
