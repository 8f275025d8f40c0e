/** Log lines about a failure that is tried again and again. */
@NullMarked
package io.vl3.internal.log;

import org.jspecify.annotations.NullMarked;
