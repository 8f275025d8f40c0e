/** gRPC channels and servers over unix sockets and TCP: URLs, options, keep-alive, orderly end. */
@NullMarked
package io.vl3.transport;

import org.jspecify.annotations.NullMarked;
