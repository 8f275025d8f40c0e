/**
 * Subcommands that look for what is wrong: {@code diagnose}, {@code verify}, {@code report}, {@code
 * capture}.
 */
@NullMarked
package io.vl3.cli.command.check;

import org.jspecify.annotations.NullMarked;
