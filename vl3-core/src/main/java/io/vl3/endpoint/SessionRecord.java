package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import java.util.Map;

/**
 * What is committed for a connection.
 *
 * @param lapsed closed to choose another endpoint, which has not been found yet
 */
record SessionRecord(
    Map<Key<?>, Object> values,
    Connection connection,
    ConnectionRequest request,
    Caller owner,
    boolean lapsed) {}
