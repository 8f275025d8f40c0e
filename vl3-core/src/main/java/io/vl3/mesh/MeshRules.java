package io.vl3.mesh;

import io.vl3.registry.EndpointRecord;
import io.vl3.time.BackOff;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** The rules that the mesh stands on; tests take one away to see that it is needed. */
interface MeshRules {

  MeshRules STANDARD = new MeshRules() {};

  /** Whether it is ours to dial: both sides come to opposite answers. */
  default boolean isOurTurn(EndpointRecord self, EndpointRecord peer) {
    return Seniority.isLater(self, peer);
  }

  /** A fresh record of attempts. */
  default Attempts attempts(BackOff backOff, RandomGenerator random, Instant now) {
    return new Attempts(backOff, random, now);
  }
}
