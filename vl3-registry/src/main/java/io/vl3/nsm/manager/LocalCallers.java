package io.vl3.nsm.manager;

import io.vl3.connection.Caller;
import io.vl3.transport.internal.unix.FilePassing;

/**
 * The callers of this node, all of the manager's own user: unix sockets let in nobody else but
 * root.
 */
final class LocalCallers {

  private LocalCallers() {}

  /** Whether the caller of the current call came over a unix socket, or is this process. */
  static boolean isLocal(Caller caller) {
    return FilePassing.isLocalCall() || caller.equals(Caller.SELF);
  }
}
