package io.vl3.cli;

import io.vl3.failure.Reason;

/** How a {@code vl3} process ends. */
public enum ExitCode {
  /** Done. */
  OK(0),
  /** Not done. */
  FAILED(1),
  /** Asked in a way that cannot work: options, or a configuration with mistakes. */
  USAGE(2),
  /** Something needed does not answer. */
  UNREACHABLE(3),
  /** The named object does not exist. */
  NOT_FOUND(4),
  /** Works, but not fully. */
  DEGRADED(5);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  /** The number the process ends with. */
  public int value() {
    return value;
  }

  /** The exit code of an expected failure; docs/errors.md has the table. */
  public static ExitCode of(Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> NOT_FOUND;
      case UNAVAILABLE, DEADLINE -> UNREACHABLE;
      case INVALID, UNAUTHENTICATED, DENIED, CONFLICT, EXHAUSTED, CANCELLED, INTERNAL -> FAILED;
    };
  }
}
