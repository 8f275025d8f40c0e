package io.vl3.linux;

import java.time.Duration;

/** The outcome of an ICMP echo request. */
public sealed interface Echo {

  /** It was answered, after so long. */
  record Answered(Duration roundTrip) implements Echo {}

  /** Nothing came until the timeout. */
  record Silent() implements Echo {}

  /** The kernel knows that a link on the way takes only smaller packets. */
  record TooBig() implements Echo {}

  /** The kernel has no way to the target. */
  record NoWay(String reason) implements Echo {}
}
