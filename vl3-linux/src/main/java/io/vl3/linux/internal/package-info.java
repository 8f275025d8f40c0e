/**
 * The few system calls and rtnetlink messages (RFC 3549, rtnetlink(7)) that links are made of. No
 * API promise.
 */
@NullMarked
package io.vl3.linux.internal;

import org.jspecify.annotations.NullMarked;
