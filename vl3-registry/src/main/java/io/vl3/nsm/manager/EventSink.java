package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;

/** Receives events from behind us for connections that we serve. Must not block. */
interface EventSink {

  /** A connection is in another state; one that is gone behind us is DOWN. */
  void tell(ConnectionId id, ConnectionState state);

  /** An endpoint closed a connection. */
  void closed(ConnectionId id);

  /** The endpoint of a connection is gone for good: only another one can serve it. */
  void over(ConnectionId id);
}
