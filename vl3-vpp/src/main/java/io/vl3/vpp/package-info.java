/**
 * VPP as a data plane, programmed through the configurator API of a Ligato vpp-agent: MEMIF links,
 * addresses, routes, NAT, and the endpoints of a chain that choose MEMIF.
 */
@NullMarked
package io.vl3.vpp;

import org.jspecify.annotations.NullMarked;
