package io.vl3.cli.config;

/** How the links of workloads are addressed. */
public enum Addressing {
  /** Each link has a /30 (/126) of its own. */
  POINT_TO_POINT("point-to-point"),
  /** Each workload has a /32 (/128); the endpoint shows one address on all links. */
  UNNUMBERED("unnumbered");

  private final String word;

  Addressing(String word) {
    this.word = word;
  }

  /** As the file spells it. */
  public String word() {
    return word;
  }

  static Addressing of(String word) {
    return UNNUMBERED.word.equals(word) ? UNNUMBERED : POINT_TO_POINT;
  }
}
