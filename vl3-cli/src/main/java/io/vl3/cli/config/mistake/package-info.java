/**
 * What is wrong in a configuration: each mistake with its place, value and what is allowed, all
 * reported at once.
 */
@NullMarked
package io.vl3.cli.config.mistake;

import org.jspecify.annotations.NullMarked;
