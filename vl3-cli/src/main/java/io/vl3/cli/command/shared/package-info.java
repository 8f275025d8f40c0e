/** What several subcommands share: options, checked values, the form of a list. */
@NullMarked
package io.vl3.cli.command.shared;

import org.jspecify.annotations.NullMarked;
