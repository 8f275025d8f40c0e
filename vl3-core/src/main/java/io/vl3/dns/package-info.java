/**
 * Names of workloads in the vL3: how they are made from a connection, who has which, and which
 * other name servers know more. Without a line of protocol: the server is elsewhere.
 */
@NullMarked
package io.vl3.dns;

import org.jspecify.annotations.NullMarked;
