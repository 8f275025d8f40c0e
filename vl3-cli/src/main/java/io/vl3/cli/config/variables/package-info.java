/** Environment variables and options: reading them, and naming those that have no effect. */
@NullMarked
package io.vl3.cli.config.variables;

import org.jspecify.annotations.NullMarked;
