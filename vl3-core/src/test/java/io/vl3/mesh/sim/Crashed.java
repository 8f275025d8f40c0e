package io.vl3.mesh.sim;

/** The process that this thread works in is no more. */
final class Crashed extends Error {

  Crashed() {
    super("crashed", null, false, false);
  }
}
