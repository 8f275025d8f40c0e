/**
 * What a builder of NSEs takes of the edge to Network Service Mesh over gRPC: the two sources of
 * own prefixes that are asked over it, and the guards of calls and answers.
 */
@NullMarked
package io.vl3.grpc;

import org.jspecify.annotations.NullMarked;
