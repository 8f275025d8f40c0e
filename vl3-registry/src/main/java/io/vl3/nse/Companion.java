package io.vl3.nse;

import io.vl3.failure.EndpointException;

/**
 * Something that lives as long as an NSE and looks at it: an admin service, a server of figures.
 * Started once the NSE serves, closed before it ends.
 */
@FunctionalInterface
public interface Companion {

  /**
   * Starts.
   *
   * @return ends it when closed; what that throws is logged
   * @throws EndpointException if it cannot start; the NSE does not run then
   */
  AutoCloseable start(Vl3Nse nse) throws EndpointException;
}
