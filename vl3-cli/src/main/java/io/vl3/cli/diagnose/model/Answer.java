package io.vl3.cli.diagnose.model;

import java.util.List;

/**
 * What a check answers.
 *
 * @param possible whether anything could be tried
 * @param cameOut in a line: how much was looked at, or why nothing could be
 * @param findings what is wrong; empty: nothing
 */
public record Answer(boolean possible, String cameOut, List<Finding> findings) {

  /** Copies the list. */
  public Answer {
    findings = List.copyOf(findings);
  }

  /** It was looked, and this was found. */
  public static Answer of(String cameOut, List<Finding> findings) {
    return new Answer(true, cameOut, findings);
  }

  /** Nothing could be tried. */
  public static Answer skipped(String why) {
    return new Answer(false, why, List.of());
  }
}
