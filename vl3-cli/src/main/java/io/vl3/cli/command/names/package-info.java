/** The commands about the original's workload registry: its server, and who asks it. */
@NullMarked
package io.vl3.cli.command.names;

import org.jspecify.annotations.NullMarked;
