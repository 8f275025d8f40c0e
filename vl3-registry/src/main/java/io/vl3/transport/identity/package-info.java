/**
 * The identity of the other side, where there is TLS: SPIFFE IDs, tokens, and who may call what.
 */
@NullMarked
package io.vl3.transport.identity;

import org.jspecify.annotations.NullMarked;
