/** Tells live processes of one machine from dead ones. */
@NullMarked
package io.vl3.internal.process;

import org.jspecify.annotations.NullMarked;
