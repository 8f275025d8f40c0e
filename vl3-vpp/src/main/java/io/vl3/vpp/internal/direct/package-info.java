/**
 * The way to VPP through its own API: which objects there are is read from dumps, and what differs
 * is sent in as few turns as VPP's numbers allow.
 */
@NullMarked
package io.vl3.vpp.internal.direct;

import org.jspecify.annotations.NullMarked;
