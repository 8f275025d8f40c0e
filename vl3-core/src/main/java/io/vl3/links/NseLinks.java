package io.vl3.links;

import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The links of one NSE: what its data plane puts into the chains, and what it says of itself. The
 * lists do not change. Thread-safe.
 *
 * <p>Whoever runs the NSE calls {@link #start}, then {@link #own} at the start and after every
 * change, and at last {@link #close}, each from one thread at a time.
 */
public interface NseLinks extends AutoCloseable {

  /** Elements of the server chain that program a link once what is behind them has answered. */
  List<Endpoint> programming();

  /** The last element of the server chain, which answers with a mechanism. */
  Endpoint offering();

  /** Elements of the peers' chain: ask for a mechanism, and program what was answered. */
  List<Endpoint> asking();

  /**
   * Whether packets pass to a peer; empty if that cannot be found out.
   *
   * @param timeout how long an answer may take
   */
  default Optional<LivenessProbe> probe(Duration timeout) {
    return Optional.empty();
  }

  /** Where a server opens its sockets to be reached over the links; empty if no socket can be. */
  default Optional<SocketPlace> place() {
    return Optional.empty();
  }

  /** The file of the network namespace that the links are in; empty if they are in none. */
  default Optional<Path> namespace() {
    return Optional.empty();
  }

  /** How the links are doing; empty if nobody knows. */
  default Optional<LinksStatus> status() {
    return Optional.empty();
  }

  /** The name that the interface of a connection has in the data plane; empty text: none yet. */
  default String interfaceName(Connection connection) {
    return connection
        .mechanism()
        .flatMap(mechanism -> mechanism.parameter(Mechanism.NAME))
        .orElse("");
  }

  /**
   * What is there in truth; empty where that cannot be looked at. Blocks briefly.
   *
   * @throws EndpointException UNAVAILABLE if the data plane does not answer
   */
  default Optional<InstalledLinks> installed() throws EndpointException {
    return Optional.empty();
  }

  /** Reports there from now on; called before {@link #start}. */
  default void reportTo(Reporter reporter) {}

  /** Begins to work. Does not wait for what may be away, as a vpp-agent. */
  default void start() throws EndpointException {}

  /**
   * The NSE owns these prefixes from now on, and no others. Blocks briefly.
   *
   * @throws EndpointException if the data plane cannot be reached; it keeps the earlier ones then
   */
  default void own(List<IpPrefix> prefixes) throws EndpointException {}

  /** Lets go of the data plane; what links still exist may stay, for a successor. Idempotent. */
  @Override
  default void close() {}
}
