/** The subcommands of {@code vl3}, one class each. */
@NullMarked
package io.vl3.cli.command;

import org.jspecify.annotations.NullMarked;
