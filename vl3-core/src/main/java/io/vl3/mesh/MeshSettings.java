package io.vl3.mesh;

import io.vl3.time.BackOff;
import java.time.Duration;

/**
 * Times of the mesh.
 *
 * @param dialTimeout how long one dial or close may take
 * @param backOff between failed dials of one peer; its longest wait bounds how long after the end
 *     of an outage a peer is reached again
 * @param patience how long the side that is not to dial waits for the other before it dials
 * @param repairs how many repairs of a link over which no packets pass may fail before it is torn
 *     down
 * @param silence how long a link is kept that cannot be refreshed, or that a peer dialled and does
 *     not mend, and that shows no other sign of life
 * @param calm how long a link must stand for earlier failures to be forgotten
 */
public record MeshSettings(
    Duration dialTimeout,
    BackOff backOff,
    Duration patience,
    int repairs,
    Duration silence,
    Duration calm) {

  /**
   * Dials of 15 s, back-off from 0.2 s to 4 s, 10 s of patience, 3 repairs, 10 s of silence, 10 s
   * of calm.
   */
  public static final MeshSettings DEFAULT =
      new MeshSettings(
          Duration.ofSeconds(15),
          new BackOff(Duration.ofMillis(200), Duration.ofSeconds(4)),
          Duration.ofSeconds(10),
          3,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  /** These settings with another time for a dial or close. */
  public MeshSettings withDialTimeout(Duration changed) {
    return new MeshSettings(changed, backOff, patience, repairs, silence, calm);
  }

  /** These settings with other pauses between failed dials. */
  public MeshSettings withBackOff(BackOff changed) {
    return new MeshSettings(dialTimeout, changed, patience, repairs, silence, calm);
  }

  /** These settings with another patience. */
  public MeshSettings withPatience(Duration changed) {
    return new MeshSettings(dialTimeout, backOff, changed, repairs, silence, calm);
  }

  /** These settings with another number of repairs. */
  public MeshSettings withRepairs(int changed) {
    return new MeshSettings(dialTimeout, backOff, patience, changed, silence, calm);
  }

  /** These settings with another time for a silent link. */
  public MeshSettings withSilence(Duration changed) {
    return new MeshSettings(dialTimeout, backOff, patience, repairs, changed, calm);
  }

  /** These settings with another calm. */
  public MeshSettings withCalm(Duration changed) {
    return new MeshSettings(dialTimeout, backOff, patience, repairs, silence, changed);
  }
}
