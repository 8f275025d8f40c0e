package io.vl3.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The components that a connection passes, client first (NSM v1, {@code connection.Path}).
 *
 * @param index which segment is the current one, from 0; 0 too when there is none
 * @param segments the components
 */
public record Path(int index, List<PathSegment> segments) {

  /** A path before its first component. */
  public static final Path EMPTY = new Path(0, List.of());

  /** Refuses an index outside the segments. */
  public Path {
    segments = List.copyOf(segments);
    if (index < 0 || index > Math.max(0, segments.size() - 1)) {
      throw new IllegalArgumentException(
          "path.index: %d (expected: 0..%d)".formatted(index, Math.max(0, segments.size() - 1)));
    }
  }

  /** The current segment; empty when there is none. */
  public Optional<PathSegment> current() {
    return segment(index);
  }

  /** The segment behind the current one. */
  public Optional<PathSegment> next() {
    return segment(index + 1);
  }

  /** The segment before the current one: the caller's. */
  public Optional<PathSegment> previous() {
    return segment(index - 1);
  }

  /** The segment furthest from the client; empty when there is none. */
  public Optional<PathSegment> last() {
    return segment(segments.size() - 1);
  }

  /** The segment at a place; empty when there is none. */
  public Optional<PathSegment> segment(int place) {
    return place >= 0 && place < segments.size()
        ? Optional.of(segments.get(place))
        : Optional.empty();
  }

  /** This path with no more of each token than when it ends. */
  public Path withoutProofs() {
    PathSegment[] kept = new PathSegment[segments.size()];
    boolean anyProof = false;
    for (int i = 0; i < kept.length; i++) {
      anyProof |= segments.get(i).hasProof();
      kept[i] = segments.get(i).withoutProof();
    }
    return anyProof ? new Path(index, List.of(kept)) : this;
  }

  /**
   * This path with its tokens as an earlier one has them: where here only their ends are left, and
   * the same component had a token there that ends then.
   */
  public Path withProofsOf(Path earlier) {
    List<PathSegment> proven = new ArrayList<>(segments);
    for (int i = 0; i < Math.min(proven.size(), earlier.segments.size()); i++) {
      proven.set(i, proven.get(i).withProofOf(earlier.segments.get(i)));
    }
    return new Path(index, proven);
  }

  /** This path with another current place. */
  public Path withIndex(int changed) {
    return new Path(changed, segments);
  }

  /** This path with the segment at a place replaced, or appended when the place is one past. */
  public Path withSegment(int place, PathSegment segment) {
    List<PathSegment> changed = new ArrayList<>(segments);
    if (place == changed.size()) {
      changed.add(segment);
    } else {
      changed.set(place, segment);
    }
    return new Path(index, changed);
  }
}
