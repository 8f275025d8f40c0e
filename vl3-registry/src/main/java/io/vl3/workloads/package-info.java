/**
 * The original's registry of workloads by name ({@code svreg}): an element that registers those of
 * an NSE, what does so in the background, and a server that keeps them and tells who watches.
 */
@NullMarked
package io.vl3.workloads;

import org.jspecify.annotations.NullMarked;
