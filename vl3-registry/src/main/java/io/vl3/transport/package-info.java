/**
 * gRPC channels and servers over unix sockets and TCP: URLs, sockets of the JDK under Netty, who is
 * at the other side, keep-alive, orderly end.
 */
@NullMarked
package io.vl3.transport;

import org.jspecify.annotations.NullMarked;
