package io.vl3.dns;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Names a workload by its labels, and tells it our name server and where to search (NSM v1, {@code
 * vl3dns}). Names stand once the whole chain has answered, follow every refresh, and are gone with
 * the connection. Peers are passed on as they are.
 *
 * <p>Stands behind the elements that give the connection its addresses: the server is told by our
 * side's address of the very link.
 */
public final class NameWorkload implements Endpoint {

  private final List<NameTemplate> templates;
  private final NameTable table;
  private final Supplier<List<IpPrefix>> pools;

  /**
   * The element.
   *
   * @param templates what makes the names
   * @param table where they are noted
   * @param pools what the network lies in now: a server of it that the client was told of by an
   *     earlier endpoint, or by us at an earlier address, is not told again
   */
  public NameWorkload(
      List<NameTemplate> templates, NameTable table, Supplier<List<IpPrefix>> pools) {
    this.templates = List.copyOf(templates);
    this.table = table;
    this.pools = pools;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    if (session.get(DiscoverPeers.PEER).isPresent()) {
      session.onCommit("forget what it was named as a workload", () -> table.remove(session.id()));
      return next.request(request);
    }
    Set<DnsName> names = names(request.connection());
    Connection answer =
        next.request(request.mapConnection(connection -> withServer(connection, names)));
    List<IpAddress> addresses = addresses(answer.ip().clientAddresses());
    session.onCommit("name it " + names, () -> table.put(session.id(), names, addresses));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      table.remove(session.id());
    }
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing(
            "names workloads "
                + templates.stream().map(NameTemplate::toString).collect(Collectors.joining(", ")))
        .after(DiscoverPeers.class);
  }

  private Set<DnsName> names(Connection connection) {
    Set<DnsName> names = new LinkedHashSet<>();
    templates.forEach(template -> template.name(connection).ifPresent(names::add));
    return names;
  }

  private Connection withServer(Connection connection, Set<DnsName> names) {
    DnsConfig ours =
        new DnsConfig(addresses(connection.ip().endpointAddresses()), searchDomains(names));
    List<DnsConfig> configs = new ArrayList<>(connection.context().dns());
    configs.removeIf(config -> config.equals(ours) || isOfThisNetwork(config));
    configs.add(ours);
    return connection.withContext(connection.context().withDns(configs));
  }

  private boolean isOfThisNetwork(DnsConfig config) {
    List<IpPrefix> network = pools.get();
    return !config.servers().isEmpty()
        && config.servers().stream()
            .allMatch(server -> network.stream().anyMatch(pool -> pool.contains(server)));
  }

  private static List<String> searchDomains(Set<DnsName> names) {
    return names.stream()
        .flatMap(name -> name.domains().stream())
        .map(DnsName::withoutDot)
        .distinct()
        .toList();
  }

  private static List<IpAddress> addresses(List<InterfaceAddress> of) {
    return of.stream().map(InterfaceAddress::address).toList();
  }
}
