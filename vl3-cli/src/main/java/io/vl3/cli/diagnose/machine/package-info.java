/** Checks of the machine and its processes. */
@NullMarked
package io.vl3.cli.diagnose.machine;

import org.jspecify.annotations.NullMarked;
