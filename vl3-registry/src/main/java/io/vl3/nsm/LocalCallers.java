package io.vl3.nsm;

import io.vl3.connection.Caller;

/** Who acts on this node as the manager's own user: the transport lets in nobody else. */
final class LocalCallers {

  private LocalCallers() {}

  /** Whether the caller came over a unix socket, which knows its user, or is this process. */
  static boolean isLocal(Caller caller) {
    return caller.identity().startsWith("uid:") || caller.equals(Caller.SELF);
  }
}
