package io.vl3.cli.probe;

import java.util.Optional;

/**
 * What was looked at, and what came out.
 *
 * @param subject what was looked at
 * @param failing why it fails; empty: it is well
 */
public record Check(String subject, Optional<String> failing) {

  static Check well(String subject) {
    return new Check(subject, Optional.empty());
  }

  static Check failing(String subject, String why) {
    return new Check(subject, Optional.of(why));
  }

  boolean isWell() {
    return failing.isEmpty();
  }

  /** As in the body of a probe's answer. */
  String line() {
    return failing.map(why -> "[-] %s: %s".formatted(subject, why)).orElse("[+] " + subject);
  }
}
