/** The {@code vl3} command: its root, exit codes, and how failures are reported. */
@NullMarked
package io.vl3.cli;

import org.jspecify.annotations.NullMarked;
