/** Packets of an NSE's links, in the format that Wireshark reads. */
@NullMarked
package io.vl3.cli.capture;

import org.jspecify.annotations.NullMarked;
