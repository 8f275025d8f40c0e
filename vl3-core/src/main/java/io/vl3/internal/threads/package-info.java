/** How work is shared out among threads. */
@NullMarked
package io.vl3.internal.threads;

import org.jspecify.annotations.NullMarked;
