/** How much memory callers may make a process keep. */
@NullMarked
package io.vl3.internal.memory;

import org.jspecify.annotations.NullMarked;
