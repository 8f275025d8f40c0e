/** Runs the examples of the tree as their pages say, with the classes of this build. */
@NullMarked
package io.vl3.cli.examples;

import org.jspecify.annotations.NullMarked;
