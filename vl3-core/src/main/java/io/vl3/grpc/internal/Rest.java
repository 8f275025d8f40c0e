package io.vl3.grpc.internal;

import io.vl3.api.connection.PathSegment;
import io.vl3.connection.Passthrough;

/**
 * What of a message the domain does not know, written again on the way out: Ethernet context,
 * policies, neighbours, and fields of later versions. Everything else is cleared, so that nothing
 * is held twice.
 */
record Rest(io.vl3.api.connection.Connection message) implements Passthrough {

  /** A message takes about twice what it is on the wire. */
  @Override
  public long weightBytes() {
    return 2L * message.getSerializedSize();
  }

  /** A token that came without its end is no token to the domain, and stands here. */
  @Override
  public Passthrough withoutProofs() {
    if (message.getPath().getPathSegmentsList().stream().allMatch(s -> s.getToken().isEmpty())) {
      return this;
    }
    io.vl3.api.connection.Connection.Builder kept = message.toBuilder();
    kept.getPathBuilder().getPathSegmentsBuilderList().forEach(PathSegment.Builder::clearToken);
    return new Rest(kept.build());
  }
}
