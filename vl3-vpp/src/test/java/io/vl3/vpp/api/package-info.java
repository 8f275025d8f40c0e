/** Tests of the client of VPP's API, and what stands for a VPP in them. */
@NullMarked
package io.vl3.vpp.api;

import org.jspecify.annotations.NullMarked;
