package io.vl3.mesh;

import io.vl3.time.BackOff;
import java.time.Duration;

/**
 * Times of the mesh.
 *
 * @param dialTimeout how long one dial or close may take
 * @param backOff between failed dials of one peer
 * @param patience how long the side that is not to dial waits for the other before it dials
 * @param repairs how many repairs of a broken link may fail before it is torn down
 */
public record MeshSettings(Duration dialTimeout, BackOff backOff, Duration patience, int repairs) {

  /** Dials of 15 s, back-off from 0.2 s to 30 s, 10 s of patience, 3 repairs. */
  public static final MeshSettings DEFAULT =
      new MeshSettings(
          Duration.ofSeconds(15),
          new BackOff(Duration.ofMillis(200), Duration.ofSeconds(30)),
          Duration.ofSeconds(10),
          3);
}
