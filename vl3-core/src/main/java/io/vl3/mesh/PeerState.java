package io.vl3.mesh;

/** Where the mesh stands with one peer. */
public enum PeerState {
  /** No link, and none is being made: it is the peer's turn to dial. */
  ABSENT,
  /** A link is being made; where packets can be seen to pass, none has passed yet. */
  DIALLING,
  /** Linked. */
  UP,
  /** Linked, but the link is reported not to work, or cannot be refreshed. */
  DEGRADED,
  /** The last dial failed; the next one waits. */
  BACKING_OFF
}
