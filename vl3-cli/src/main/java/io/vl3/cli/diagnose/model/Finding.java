package io.vl3.cli.diagnose.model;

import io.vl3.health.Severity;
import java.util.Set;

/**
 * A fault that a check has found.
 *
 * @param fault which
 * @param severity how bad it is by itself
 * @param concerns names of the NSEs that suffer from it; empty: everybody may
 * @param where what has it: an NSE, a socket, a directory; the rest of the first line
 * @param found what came out, with the values that were seen, as sentences
 */
public record Finding(
    Fault fault, Severity severity, Set<String> concerns, String where, String found) {

  /** Copies the names. */
  public Finding {
    concerns = Set.copyOf(concerns);
  }

  /** One because of which somebody has no service. */
  public static Finding error(Fault fault, Set<String> concerns, String where, String found) {
    return new Finding(fault, Severity.ERROR, concerns, where, found);
  }

  /** One that may be harmless by itself. */
  public static Finding warning(Fault fault, Set<String> concerns, String where, String found) {
    return new Finding(fault, Severity.WARNING, concerns, where, found);
  }

  /** {@code forwarding off: nse-1}. */
  public String title() {
    return fault.words() + ": " + where;
  }

  /** Whether this one can have brought about the other. */
  public boolean explains(Finding other) {
    return Causality.explains(fault, other.fault)
        && (concerns.isEmpty()
            || other.concerns.isEmpty()
            || concerns.stream().anyMatch(other.concerns::contains));
  }
}
