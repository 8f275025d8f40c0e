package io.vl3.mesh;

import io.vl3.time.BackOff;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How the attempts to keep a link to one peer went, and when the next may come. A success alone
 * forgives nothing: a link that breaks soon after it was made counts as one more failure, so that a
 * flapping link is made at a slower and slower pace. Mutable; guarded by the changes of {@link
 * PeerMachines}.
 */
class Attempts {

  private final BackOff backOff;
  private final RandomGenerator random;
  private int failures;
  private Optional<String> lastError = Optional.empty();
  private Instant notBefore;

  Attempts(BackOff backOff, RandomGenerator random, Instant now) {
    this.backOff = backOff;
    this.random = random;
    this.notBefore = now;
  }

  final int failures() {
    return failures;
  }

  final Optional<String> lastError() {
    return lastError;
  }

  /** The next attempt comes no earlier. */
  final Instant notBefore() {
    return notBefore;
  }

  /** Why something is wrong that no attempt has failed on yet. */
  final void note(String why) {
    lastError = Optional.of(why);
  }

  final void failed(String why, Instant now) {
    failures++;
    lastError = Optional.of(why);
    notBefore = now.plus(backOff.delay(failures, random));
  }

  final void succeeded(Instant now) {
    lastError = Optional.empty();
    notBefore = now;
  }

  /** The next attempt may be made at once, whatever failed before. */
  final void hurry(Instant now) {
    notBefore = now;
  }

  /** Forgets failures: things are no longer as they were. */
  void reset(Instant now) {
    failures = 0;
    lastError = Optional.empty();
    notBefore = now;
  }
}
