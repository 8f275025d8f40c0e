/**
 * What an endpoint or a client needs of a network service manager: the endpoint that registers and
 * serves, the client that asks and heals, one channel to a manager, and what they share.
 */
@NullMarked
package io.vl3.nsm;

import org.jspecify.annotations.NullMarked;
