/**
 * The edge to Network Service Mesh's API v1 over gRPC: protobuf to domain and back, failures to
 * status codes and back, and servers and clients of connections and their monitors. Only this edge
 * and others see generated classes.
 */
@NullMarked
package io.vl3.grpc.internal;

import org.jspecify.annotations.NullMarked;
