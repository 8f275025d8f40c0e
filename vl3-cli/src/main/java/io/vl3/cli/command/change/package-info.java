/** Subcommands that change what runs: {@code reload}, {@code restart}, {@code log-level}. */
@NullMarked
package io.vl3.cli.command.change;

import org.jspecify.annotations.NullMarked;
