/** Subcommands that show what runs: {@code status}, {@code routes}, {@code page} and so on. */
@NullMarked
package io.vl3.cli.command.show;

import org.jspecify.annotations.NullMarked;
