/**
 * A client of VPP's binary API that works with every version of VPP: messages are found by name and
 * CRC in the table that VPP sends at connect, and their fields are read from the descriptions that
 * belong to that VPP, so nothing is generated.
 */
@NullMarked
package io.vl3.vpp.api;

import org.jspecify.annotations.NullMarked;
