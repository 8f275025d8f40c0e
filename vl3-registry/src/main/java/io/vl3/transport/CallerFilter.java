package io.vl3.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.vl3.grpc.CallerKey;

/** Tells the services who is at the other side of a unix socket. */
final class CallerFilter extends ServerTransportFilter {

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof UnixPeer peer
        ? attributes.toBuilder().set(CallerKey.ATTRIBUTE, peer.caller()).build()
        : attributes;
  }
}
