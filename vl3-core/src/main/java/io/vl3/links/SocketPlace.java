package io.vl3.links;

import java.util.concurrent.Callable;

/**
 * Where sockets are opened: they belong to the network namespace of the thread that opens them,
 * whoever uses them later.
 */
@FunctionalInterface
public interface SocketPlace {

  /** The namespace of the thread that asks. */
  SocketPlace HERE =
      new SocketPlace() {
        @Override
        public <T> T call(Callable<T> opening) throws Exception {
          return opening.call();
        }
      };

  /**
   * Runs what opens sockets in the right place, and waits for it.
   *
   * @throws Exception if the place cannot be entered, or what the opening threw
   */
  <T> T call(Callable<T> opening) throws Exception;
}
