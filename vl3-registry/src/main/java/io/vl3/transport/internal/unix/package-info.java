/**
 * Sockets of the JDK under Netty, the process at the other side, and the files that pass between
 * the two.
 */
@NullMarked
package io.vl3.transport.internal.unix;

import org.jspecify.annotations.NullMarked;
