/** The output of commands: one renderer per result. */
@NullMarked
package io.vl3.cli.render;

import org.jspecify.annotations.NullMarked;
