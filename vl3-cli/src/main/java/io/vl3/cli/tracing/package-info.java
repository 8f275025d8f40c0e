/** Spans of this process, and their way to an OTLP receiver. */
@NullMarked
package io.vl3.cli.tracing;

import org.jspecify.annotations.NullMarked;
