/**
 * The configuration as the rest of the command line works with it: records, checked. {@code
 * config.read} makes them from file, variables and options.
 */
@NullMarked
package io.vl3.cli.config;

import org.jspecify.annotations.NullMarked;
