package io.vl3.nse;

import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.DnsConfig;
import io.vl3.connection.TokenSource;
import io.vl3.dns.NameTable;
import io.vl3.dns.NameTemplate;
import io.vl3.dns.PeerServers;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.health.Reporter;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.links.NseLinks;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.Vl3Network;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerIdentity;
import io.vl3.time.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What an NSE's chains are built from.
 *
 * @param everywhere further elements for every connection, before all that takes anything
 * @param forWorkloads further elements for workloads, before they get addresses
 * @param requestLabels what requests to peers carry
 */
record NseParts(
    Component component,
    NseLinks links,
    ConnectionBoard board,
    Supplier<KnownPeers> peers,
    PeerIdentity identity,
    IpamEndpoint ipam,
    Vl3Network network,
    PrefixTable table,
    LeastMtu mtu,
    Dns dns,
    Map<String, String> requestLabels,
    List<Endpoint> everywhere,
    List<Endpoint> forWorkloads) {

  /** The component that a chain belongs to. */
  record Component(
      String name, TokenSource tokens, Executor executor, Timer timer, Reporter reporter) {

    UpdatePath updatePath() {
      return new UpdatePath(name, tokens, ConnectionId::random);
    }
  }

  /**
   * What an NSE has to do with DNS.
   *
   * @param foreign servers that workloads are told of
   * @param templates how it names workloads; empty: it has no name server
   * @param names who has which name
   * @param peers the peers' name servers
   */
  record Dns(
      List<DnsConfig> foreign, List<NameTemplate> templates, NameTable names, PeerServers peers) {

    static Dns of(List<DnsConfig> foreign, List<NameTemplate> templates) {
      return new Dns(foreign, templates, new NameTable(), new PeerServers());
    }

    boolean serves() {
      return !templates.isEmpty();
    }
  }

  /** Where a peers' chain ends: an NSM, and what it says of our connections. */
  record Manager(Endpoint networkService, ConnectionMonitor monitor) {}
}
