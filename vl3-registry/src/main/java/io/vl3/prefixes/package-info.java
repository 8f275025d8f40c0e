/**
 * A central IPAM: a server that gives each NSE of a network its own prefix, out of one pool, and
 * remembers beyond its own end what it gave.
 */
@NullMarked
package io.vl3.prefixes;

import org.jspecify.annotations.NullMarked;
