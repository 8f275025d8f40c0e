/** The original's workload registry at the command line: its server, and who asks it. */
@NullMarked
package io.vl3.cli.names;

import org.jspecify.annotations.NullMarked;
