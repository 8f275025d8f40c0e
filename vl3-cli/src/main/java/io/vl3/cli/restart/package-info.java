/** Starts the NSEs of a network anew, one process after the other, and waits for each. */
@NullMarked
package io.vl3.cli.restart;

import org.jspecify.annotations.NullMarked;
