/** Tests of the programmer that speaks with VPP itself. */
@NullMarked
package io.vl3.vpp.direct;

import org.jspecify.annotations.NullMarked;
