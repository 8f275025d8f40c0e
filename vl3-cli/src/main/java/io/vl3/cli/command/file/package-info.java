/** Subcommands that need files alone: {@code ipam-plan}, {@code config}, {@code journals}. */
@NullMarked
package io.vl3.cli.command.file;

import org.jspecify.annotations.NullMarked;
