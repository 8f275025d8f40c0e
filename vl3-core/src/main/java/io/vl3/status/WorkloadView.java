package io.vl3.status;

import io.vl3.connection.Connection;
import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import java.time.Instant;
import java.util.Optional;

/** A network namespace that this process keeps attached, as it may be looked at. Thread-safe. */
public interface WorkloadView {

  /** How it is doing; a snapshot. */
  Status status();

  /**
   * What its namespace has in truth. Blocks briefly.
   *
   * @throws EndpointException UNAVAILABLE if the namespace cannot be entered
   */
  InstalledLinks installed() throws EndpointException;

  /**
   * How a workload is doing.
   *
   * @param name what it is called among the workloads of the process
   * @param namespace the file of its network namespace
   * @param interfaceName the interface's name there
   * @param service the network service that it asked for
   * @param connection as last answered; empty: not attached yet
   * @param since when it was attached first; empty: not yet
   */
  record Status(
      String name,
      String namespace,
      String interfaceName,
      String service,
      Optional<Connection> connection,
      Optional<Instant> since) {}
}
