/**
 * What components of a process count and take the time of, for whoever shows figures: a few kinds
 * of measures with fixed names and labels, each added to without a lock. Knows nobody who looks,
 * and no monitoring system.
 */
@NullMarked
package io.vl3.measure;

import org.jspecify.annotations.NullMarked;
