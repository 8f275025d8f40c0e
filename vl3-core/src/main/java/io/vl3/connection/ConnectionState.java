package io.vl3.connection;

/** The state of a connection (NSM v1, {@code connection.State}). */
public enum ConnectionState {
  UP,
  DOWN,
  /** The endpoint asks for an early refresh. */
  REFRESH_REQUESTED,
  /** The client asks for another endpoint: the old connection is closed first. */
  RESELECT_REQUESTED
}
