/**
 * A simulator of whole meshes on a clock of its own: production classes, of which only clock,
 * executors, transport and data plane are replaced. Everything that happens follows from one seed.
 */
@NullMarked
package io.vl3.mesh.sim;

import org.jspecify.annotations.NullMarked;
