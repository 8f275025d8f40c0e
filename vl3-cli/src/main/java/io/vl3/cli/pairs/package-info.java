/** Who reaches whom, as tables and lines show it. */
@NullMarked
package io.vl3.cli.pairs;

import org.jspecify.annotations.NullMarked;
