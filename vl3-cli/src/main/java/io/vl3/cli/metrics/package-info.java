/** Figures of the NSEs that run, for Prometheus. */
@NullMarked
package io.vl3.cli.metrics;

import org.jspecify.annotations.NullMarked;
