package io.vl3.mesh;

/** The side that dialled a link. */
public enum Dialler {
  /** We did. */
  US,
  /** The peer did. */
  PEER,
  /** There is no link. */
  NOBODY
}
