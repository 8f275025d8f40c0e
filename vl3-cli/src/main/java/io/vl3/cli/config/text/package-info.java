/**
 * Texts of the file, the variables and the command line made values: addresses, names, URLs, times.
 */
@NullMarked
package io.vl3.cli.config.text;

import org.jspecify.annotations.NullMarked;
