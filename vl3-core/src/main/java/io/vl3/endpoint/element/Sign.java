package io.vl3.endpoint.element;

/** The kinds of signs that a watched connection is in trouble. */
enum Sign {
  /** The connection is down; whoever passes requests on says so of each that failed, too. */
  OF_CONNECTION,
  /** The connection is deleted, which no attempt of ours brings about. */
  DELETION,
  /** The component that shows the connection is gone, or does not know it. */
  OF_WATCH,
  /** No trouble: the other side wishes to be asked again. */
  WISH
}
