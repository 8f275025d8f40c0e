package io.vl3.links;

/**
 * How the links of an NSE are doing.
 *
 * @param up whether what programs them answers
 * @param links links that are wanted
 * @param broken those of them that do not run
 * @param kernel how kernel interfaces reach the data plane, as {@code veth}, or why they do not;
 *     empty text: it needs no way, or offers none
 */
public record LinksStatus(boolean up, int links, int broken, String kernel) {

  /** The same without a way for kernel interfaces. */
  public LinksStatus(boolean up, int links, int broken) {
    this(up, links, broken, "");
  }
}
