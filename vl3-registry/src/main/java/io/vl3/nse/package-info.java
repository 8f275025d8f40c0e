/**
 * A whole vL3 NSE: its chains, registration, peer mesh and name server, put together by a builder
 * in which each default can be replaced. The maker of its links and the NSM that it is part of are
 * interfaces.
 */
@NullMarked
package io.vl3.nse;

import org.jspecify.annotations.NullMarked;
