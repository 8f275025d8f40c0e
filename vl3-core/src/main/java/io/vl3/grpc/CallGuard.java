package io.vl3.grpc;

import io.vl3.connection.MonitorSelector;
import io.vl3.connection.Path;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;

/**
 * Judges calls before they reach a chain, from what the transport knows of the caller. Thread-safe;
 * asked in the context of the call.
 */
public interface CallGuard {

  /** Lets everybody pass: where a transport knows nobody, there is nothing to judge by. */
  CallGuard NONE =
      new CallGuard() {
        @Override
        public void checkPath(Path arrived) {}

        @Override
        public void checkMonitor(MonitorSelector selector, EndpointRunner runner) {}
      };

  /**
   * Judges a request or a close.
   *
   * @param arrived the path; its current segment is the caller's, with the token that the call came
   *     with
   * @throws EndpointException DENIED with the reason
   */
  void checkPath(Path arrived) throws EndpointException;

  /**
   * Judges the wish to watch connections.
   *
   * @param runner knows who owns which connection
   * @throws EndpointException DENIED with the reason
   */
  void checkMonitor(MonitorSelector selector, EndpointRunner runner) throws EndpointException;
}
