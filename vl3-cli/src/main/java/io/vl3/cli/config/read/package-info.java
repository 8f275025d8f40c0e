/**
 * Reading: a file, the variables and the options become the records of {@code io.vl3.cli.config}.
 */
@NullMarked
package io.vl3.cli.config.read;

import org.jspecify.annotations.NullMarked;
