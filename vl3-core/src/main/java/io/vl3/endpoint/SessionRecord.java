package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import java.util.Map;

/** What is committed for an established connection. */
record SessionRecord(
    Map<Key<?>, Object> values, Connection connection, ConnectionRequest request, Caller owner) {}
