/** Subcommands that serve until they are ended: {@code run}, {@code client}, {@code demo}. */
@NullMarked
package io.vl3.cli.command.run;

import org.jspecify.annotations.NullMarked;
