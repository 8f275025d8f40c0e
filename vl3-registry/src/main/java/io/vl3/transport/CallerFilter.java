package io.vl3.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.vl3.connection.Caller;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.transport.identity.TlsPeer;
import io.vl3.transport.internal.unix.UnixPeer;
import java.util.Optional;

/** Tells the services who is at the other side: by TLS, else by what the kernel knows. */
final class CallerFilter extends ServerTransportFilter {

  @Override
  public Attributes transportReady(Attributes attributes) {
    return caller(attributes)
        .map(caller -> attributes.toBuilder().set(CallerKey.ATTRIBUTE, caller).build())
        .orElse(attributes);
  }

  private static Optional<Caller> caller(Attributes attributes) {
    Optional<TlsPeer> tls =
        TlsPeer.of(Optional.ofNullable(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)));
    if (tls.isPresent()) {
      return Optional.of(new Caller(tls.get().id()));
    }
    return attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof UnixPeer peer
        ? Optional.of(peer.caller())
        : Optional.empty();
  }
}
