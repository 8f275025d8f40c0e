package io.vl3.nsm.internal.registry;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.Registry;

/** Where the registries of other domains are. Thread-safe. */
@FunctionalInterface
public interface RemoteDomains {

  /** No other domain can be reached. */
  RemoteDomains NONE =
      domain -> {
        throw new EndpointException(
            Reason.NOT_FOUND, "domain: " + domain + " (expected: none, this manager has no peers)");
      };

  /**
   * The registry of a domain; stays usable until whoever gave it closes.
   *
   * @param domain the domain, {@code HOST:PORT} between embedded managers
   * @throws EndpointException INVALID if that names no domain
   */
  Registry registry(String domain) throws EndpointException;
}
