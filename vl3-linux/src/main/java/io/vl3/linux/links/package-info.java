/**
 * The kernel as the data plane of an NSE: its namespace routes, and a forwarder makes the links.
 */
@NullMarked
package io.vl3.linux.links;

import org.jspecify.annotations.NullMarked;
