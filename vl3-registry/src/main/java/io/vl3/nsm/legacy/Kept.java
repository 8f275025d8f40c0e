package io.vl3.nsm.legacy;

import io.vl3.connection.Passthrough;
import java.util.Map;
import java.util.Optional;

/**
 * Marks a connection of the 0.2 API.
 *
 * @param rest what of its message the domain does not know
 * @param labels the labels as they came; empty for a connection that we have asked for
 */
record Kept(Optional<Passthrough> rest, Map<String, String> labels) implements Passthrough {

  Kept {
    labels = Map.copyOf(labels);
  }

  /** Most labels are shared with the connection. */
  @Override
  public long weightBytes() {
    return rest.map(Passthrough::weightBytes).orElse(0L) + 64L * labels.size();
  }

  @Override
  public Passthrough withoutProofs() {
    return new Kept(rest.map(Passthrough::withoutProofs), labels);
  }

  @Override
  public boolean numbersLinks() {
    return true;
  }
}
