/**
 * The configuration file: its keys, strict reading with line and column of every mistake, and the
 * records the rest of the CLI works with.
 */
@NullMarked
package io.vl3.cli.config;

import org.jspecify.annotations.NullMarked;
