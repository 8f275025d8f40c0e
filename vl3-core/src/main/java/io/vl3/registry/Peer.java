package io.vl3.registry;

/**
 * The peer that a connection comes from: an endpoint of our own service, registered under the name
 * that the request carries.
 *
 * @param endpoint the peer's registration, as last known
 * @param foreign whether it is of NSM's own vL3, which expects to be told the whole network
 * @param numbered whether it expects both addresses of the link from us
 */
public record Peer(EndpointRecord endpoint, boolean foreign, boolean numbered) {

  /** The peer's name as registered, with its domain: what tells one peer from another. */
  public String name() {
    return endpoint.name();
  }
}
