package io.vl3.cli.config;

import io.vl3.dns.NameTemplate;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import io.vl3.net.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * One network service endpoint.
 *
 * @param service the network service it provides
 * @param name its own name, unique in the file
 * @param labels what it is registered with
 * @param lessee as whom a central IPAM is asked
 * @param ipam its addresses
 * @param mesh how it is linked with its peers
 * @param interfaceName the interface's name at the endpoint
 * @param nameServers DNS servers told to workloads
 * @param dnsZones zones those servers answer for
 * @param nameTemplates how workloads are named by a name server of our own; empty: there is none
 * @param foreignNames what that server answers about names that are not the network's
 */
public record EndpointConfig(
    String service,
    String name,
    Map<String, String> labels,
    Lessee lessee,
    IpamConfig ipam,
    MeshConfig mesh,
    String interfaceName,
    List<IpAddress> nameServers,
    List<String> dnsZones,
    List<NameTemplate> nameTemplates,
    ForeignNames foreignNames) {

  /** Copies the collections. */
  public EndpointConfig {
    labels = Map.copyOf(labels);
    nameServers = List.copyOf(nameServers);
    dnsZones = List.copyOf(dnsZones);
    nameTemplates = List.copyOf(nameTemplates);
  }

  /**
   * As whom a central IPAM is asked, as the original names itself to it.
   *
   * @param name {@code CLUSTER_POD}
   * @param address of the original's workload registry; may be empty
   * @param connectivityDomain may be empty
   */
  public record Lessee(String name, String address, String connectivityDomain) {}
}
