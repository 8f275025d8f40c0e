/** The log of this process: the form of its lines, and its threshold. */
@NullMarked
package io.vl3.cli.log;

import org.jspecify.annotations.NullMarked;
