package io.vl3.nsm.legacy;

import io.vl3.connection.Passthrough;
import java.util.Optional;

/**
 * Marks a connection of the 0.2 API.
 *
 * @param rest what of its message the domain does not know
 */
record Kept(Optional<Passthrough> rest) implements Passthrough {

  @Override
  public long weightBytes() {
    return rest.map(Passthrough::weightBytes).orElse(0L);
  }

  @Override
  public boolean numbersLinks() {
    return true;
  }
}
