/** Subcommands about the program itself: {@code version}, {@code completion}. */
@NullMarked
package io.vl3.cli.command.self;

import org.jspecify.annotations.NullMarked;
