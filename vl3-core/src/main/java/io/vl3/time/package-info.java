/** Time as an argument: a clock with timers, and deadlines. Library code reads no system clock. */
@NullMarked
package io.vl3.time;

import org.jspecify.annotations.NullMarked;
