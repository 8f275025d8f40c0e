package io.vl3.nsm;

import io.grpc.ManagedChannel;
import io.vl3.endpoint.EndpointException;

/** Opens channels by URL. Does not block: a channel connects when it is first used. */
@FunctionalInterface
public interface Dialer {

  /**
   * A new channel, which the caller shuts down.
   *
   * @param url {@code unix:///PATH} or {@code tcp://HOST:PORT}
   * @throws EndpointException INVALID if the URL is none of these
   */
  ManagedChannel dial(String url) throws EndpointException;
}
