/** Checks of values against each other or against the world, once each alone is right. */
@NullMarked
package io.vl3.cli.config.check;

import org.jspecify.annotations.NullMarked;
