package io.vl3.cli;

import org.jspecify.annotations.Nullable;

/**
 * An expected failure of a command: what went wrong, what to do next, and the exit code.
 *
 * <p>The message has the form {@code subject: value (expected: constraint) [context]} and may have
 * several lines where several things are wrong.
 */
public final class CliException extends RuntimeException {

  private final ExitCode exitCode;
  private final String nextStep;

  /** A failure; an empty next step prints nothing. */
  public CliException(ExitCode exitCode, String message, String nextStep) {
    this(exitCode, message, nextStep, null);
  }

  /** A failure that another one caused. */
  public CliException(
      ExitCode exitCode, String message, String nextStep, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }

  /** How the process ends. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** The user's next step; may be empty. */
  public String nextStep() {
    return nextStep;
  }

  /** The cause; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
