/** What all sockets share: the descriptor, how a dead peer is noticed, how accepting goes on. */
@NullMarked
package io.vl3.transport.internal.socket;

import org.jspecify.annotations.NullMarked;
