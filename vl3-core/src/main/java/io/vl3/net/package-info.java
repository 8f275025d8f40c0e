/**
 * IP addresses and prefixes of both families as small immutable values. Depends on nothing of ours.
 */
@NullMarked
package io.vl3.net;

import org.jspecify.annotations.NullMarked;
