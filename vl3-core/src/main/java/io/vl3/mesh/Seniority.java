package io.vl3.mesh;

import io.vl3.registry.EndpointRecord;

/** Which of two endpoints registered later; both sides come to the same answer. */
final class Seniority {

  private Seniority() {}

  /**
   * By first registration, where both are known and both sides see the same ones; else, and for a
   * tie, by name, for namesakes by run.
   */
  static boolean isLater(EndpointRecord one, EndpointRecord other) {
    if (haveAges(one, other) && one.registered().isPresent() && other.registered().isPresent()) {
      int byTime = one.registered().get().compareTo(other.registered().get());
      if (byTime != 0) {
        return byTime > 0;
      }
    }
    int byName = one.localName().compareTo(other.localName());
    return byName != 0 ? byName > 0 : run(one).compareTo(run(other)) > 0;
  }

  /** Others' endpoints know nothing of that label, and go by the time whatever we do. */
  private static boolean haveAges(EndpointRecord one, EndpointRecord other) {
    boolean bothOurs = one.instance().isPresent() && other.instance().isPresent();
    return !bothOurs || !(one.isInSeveralRegistries() || other.isInSeveralRegistries());
  }

  private static String run(EndpointRecord endpoint) {
    return endpoint.instance().orElse("");
  }
}
