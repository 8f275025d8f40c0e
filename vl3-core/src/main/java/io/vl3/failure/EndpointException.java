package io.vl3.failure;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An expected failure of a request or close. The message names the root cause in the form {@code
 * subject: value (expected: constraint) [context]}; it reaches the workload, so it holds no token.
 */
public final class EndpointException extends Exception {

  private final Reason reason;

  /** A failure with a message that names the root. */
  public EndpointException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** A failure that another one caused. */
  public EndpointException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What a completion stage failed with; anything unexpected becomes INTERNAL. */
  public static EndpointException of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof EndpointException expected
        ? expected
        : new EndpointException(Reason.INTERNAL, String.valueOf(cause), cause);
  }

  /** Why it happened. */
  public Reason reason() {
    return reason;
  }

  /** The message; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
