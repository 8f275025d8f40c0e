/**
 * Tests against Network Service Mesh's reference implementation: its registry, manager, client and
 * vL3 endpoint run as processes of the Go module in {@code src/it/go}.
 */
@NullMarked
package io.vl3.nsm.interop;

import org.jspecify.annotations.NullMarked;
