package io.vl3.mesh;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import java.util.List;

/**
 * A link to a peer and what the peer announced over it.
 *
 * @param peer the peer's registration
 * @param handle the link's connection, in the runner of the side that made this record
 * @param dialler who dialled
 * @param prefixes the prefixes that the peer announced and we believed
 * @param trace in which it was made, or asked for again
 */
record PeerLink(
    EndpointRecord peer,
    ConnectionHandle handle,
    Dialler dialler,
    List<IpPrefix> prefixes,
    SpanContext trace) {

  /** A link that is made in the trace of this thread. */
  PeerLink(EndpointRecord peer, ConnectionHandle handle, Dialler dialler, List<IpPrefix> prefixes) {
    this(peer, handle, dialler, prefixes, Span.current().getSpanContext());
  }

  PeerLink {
    prefixes = List.copyOf(prefixes);
  }

  ConnectionId id() {
    return handle.id();
  }

  String peerName() {
    return peer.name();
  }

  /** Whether both announced something in common. */
  boolean overlaps(PeerLink other) {
    return prefixes.stream().anyMatch(prefix -> other.prefixes.stream().anyMatch(prefix::overlaps));
  }
}
