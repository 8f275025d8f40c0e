package io.vl3.status;

import io.vl3.dns.NameTable;
import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An NSE as it may be looked at. Every call answers a snapshot. Thread-safe. */
public interface NseView {

  /** How it is doing, in brief. */
  NseStatus status();

  /** Its connections: workloads' and peers'. */
  List<ConnectionStatus> connections();

  /** Which names it answers for. */
  List<NameTable.Named> names();

  /** The file of the network namespace that its links are in; empty if they are in none. */
  default Optional<Path> namespace() {
    return Optional.empty();
  }

  /**
   * What its data plane has in truth; empty where that cannot be looked at. Blocks briefly.
   *
   * @throws EndpointException UNAVAILABLE if the data plane does not answer
   */
  Optional<InstalledLinks> installed() throws EndpointException;
}
