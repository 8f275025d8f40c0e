package io.vl3.mesh.sim;

import io.vl3.failure.EndpointException;

/** What lies between a process and what it listens to. */
interface SimulatedLink {

  /** Whether one reaches the other now. */
  boolean isUp();

  /** How long something sent now takes, in nanoseconds. */
  long latency();

  /** The stream that it carries. */
  Deliveries deliveries();

  /** What the listener is told when it breaks. */
  EndpointException broken();
}
