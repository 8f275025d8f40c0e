/**
 * What a request, a connection and its path are: immutable domain records. Protobuf and its
 * dialects stay at the edge, which converts both ways.
 */
@NullMarked
package io.vl3.connection;

import org.jspecify.annotations.NullMarked;
