package io.vl3.endpoint.element;

import io.vl3.endpoint.Session.Action;
import io.vl3.failure.EndpointException;

/** Does everything that a close has to, also when the first part fails. */
final class Closing {

  private Closing() {}

  /** Runs both; the first failure is thrown, a second one is kept with it. */
  static void inOrder(Action first, Action second) throws EndpointException {
    try {
      first.run();
    } catch (EndpointException | RuntimeException failure) {
      runAlso(second, failure);
      throw failure;
    }
    second.run();
  }

  private static void runAlso(Action second, Exception failure) {
    try {
      second.run();
    } catch (EndpointException | RuntimeException another) {
      failure.addSuppressed(another);
    }
  }
}
