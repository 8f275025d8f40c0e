/** Spans of calls and of what chains do, in whatever OpenTelemetry the process has. */
@NullMarked
package io.vl3.tracing;

import org.jspecify.annotations.NullMarked;
