package io.vl3.admin;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;

/** Words of {@link Control}. */
final class Controls {

  private Controls() {}

  static EndpointException unable(String what) {
    return new EndpointException(
        Reason.INVALID, what + ": not possible for this process (expected: a vl3 run)");
  }
}
