package io.vl3.dataplane;

import io.vl3.failure.Reason;

/** The outcome of one change. */
public sealed interface LinkOutcome {

  /** The change was made, or was so already. */
  record Applied(boolean changed, int mtuBytes) implements LinkOutcome {}

  /**
   * The change was not made; what it began is undone.
   *
   * @param reason why, coded; tells whether a retry may help
   * @param message why, in words, naming the root cause
   */
  record Failed(Reason reason, String message) implements LinkOutcome {}
}
