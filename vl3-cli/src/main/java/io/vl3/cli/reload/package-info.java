/**
 * Changes the configuration of a running process: which settings can change, what has changed, and
 * its application, all or nothing.
 */
@NullMarked
package io.vl3.cli.reload;

import org.jspecify.annotations.NullMarked;
