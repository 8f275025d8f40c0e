/** Whether this process lives, has started, and can serve, for whoever starts and ends it. */
@NullMarked
package io.vl3.cli.probe;

import org.jspecify.annotations.NullMarked;
