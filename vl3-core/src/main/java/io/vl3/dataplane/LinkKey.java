package io.vl3.dataplane;

/**
 * What a link is known by: the id of the connection that it belongs to, on the hop that programs
 * it.
 *
 * @param value the id's text
 */
public record LinkKey(String value) {
  @Override
  public String toString() {
    return value;
  }
}
