package io.vl3.prefixes;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.concurrent.CompletionException;

/** Unwraps what a stage of the ledger failed with. */
final class Failures {

  private Failures() {}

  static EndpointException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof EndpointException expected
        ? expected
        : new EndpointException(Reason.INTERNAL, "prefixes: " + cause, cause);
  }
}
