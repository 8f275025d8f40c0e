/**
 * What must outlive the process: a small append-only file of checksummed records, written in
 * groups, readable after a crash at any byte.
 */
@NullMarked
package io.vl3.internal.journal;

import org.jspecify.annotations.NullMarked;
