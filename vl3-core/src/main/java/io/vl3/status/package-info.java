/**
 * How parts of a running process are doing, as snapshots without tokens and keys: what an
 * administrator's tools and figures are made of. Read-only; knows nobody who looks.
 */
@NullMarked
package io.vl3.status;

import org.jspecify.annotations.NullMarked;
