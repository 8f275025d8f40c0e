/**
 * The vL3 among its endpoints: what a workload and a peer are answered, which prefix whom belongs
 * to, and the mesh of links that keeps every pair of endpoints joined by exactly one.
 */
@NullMarked
package io.vl3.mesh;

import org.jspecify.annotations.NullMarked;
