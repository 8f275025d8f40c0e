package io.vl3.linux;

/** A link's two sides, as tags and records name them. */
enum Side {
  CLIENT("client"),
  ENDPOINT("endpoint");

  private final String word;

  Side(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
