package io.vl3.health;

import java.util.Locale;

/** The kinds of events. Names are part of the admin API. */
public enum EventKind {
  /** An endpoint was registered, or registered under another name. */
  REGISTERED,
  /** A link to a peer is being made. */
  PEER_DIALLING,
  /** Packets can pass to a peer. */
  PEER_UP,
  /** The link to a peer is there and does not work. */
  PEER_DEGRADED,
  /** The link to a peer is gone. */
  PEER_ABSENT,
  /** A dial of a peer failed; the next one waits. */
  PEER_BACKING_OFF,
  /** A peer left the registry. */
  PEER_LEFT,
  /** A workload was served for the first time, or attached. */
  CONNECTED,
  /** A workload has other addresses or another endpoint than before. */
  MOVED,
  /** A workload was asked to be refused, or an attempt to attach it failed. */
  REFUSED,
  /** A workload's connection ended. */
  CLOSED,
  /** Somebody changed what is ours in a data plane, and it was put right. */
  MENDED,
  /** A trouble began, or its cause is another. */
  TROUBLE,
  /** A trouble is over. */
  OVER;

  /** As people read it: {@code peer-up}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
