/** Subcommands for VPP. */
@NullMarked
package io.vl3.cli.command.vpp;

import org.jspecify.annotations.NullMarked;
