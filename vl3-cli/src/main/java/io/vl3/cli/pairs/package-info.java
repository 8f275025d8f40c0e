/** Reachability of pairs, as tables and lines. */
@NullMarked
package io.vl3.cli.pairs;

import org.jspecify.annotations.NullMarked;
