package io.vl3.nsm.manager;

import io.vl3.connection.Connection;
import io.vl3.endpoint.Key;

/**
 * The endpoint that serves a connection.
 *
 * @param target the endpoint, or the manager of another domain
 * @param answer the connection as it answered, with our id and place in the path
 * @param lease the way to it, held as long as it serves
 */
record Served(Target target, Connection answer, EndpointLines.Lease lease) {

  static final Key<Served> KEY = Key.named("served by");
}
