package io.vl3.health;

import java.time.Instant;

/**
 * Something that happened.
 *
 * @param number counts from 1 without gaps, anew in each process
 * @param at when
 * @param kind what
 * @param component where: an NSE's name, a workload's; empty text: the process
 * @param subject what it is about, such as a peer or a workload; may be empty text
 * @param text details and cause, in one line
 */
public record Event(
    long number, Instant at, EventKind kind, String component, String subject, String text) {

  /** About how many bytes it costs to keep. */
  int bytes() {
    return 128 + 2 * (component.length() + subject.length() + text.length());
  }
}
