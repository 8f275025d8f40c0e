package io.vl3.cli.config;

import io.vl3.dns.NameTemplate;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import io.vl3.net.DomainName;
import io.vl3.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One network service endpoint.
 *
 * @param service the network service it provides, as given: perhaps with {@code @domain}
 * @param name its own name, as given: perhaps with {@code @domain}, unique in the file without it
 * @param labels what it is registered with
 * @param lessee as whom a central IPAM is asked
 * @param workloadRegistry where workloads are registered by name
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
    Optional<WorkloadRegistry> workloadRegistry,
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

  /** Its name without the domain that it is registered in. */
  public String bareName() {
    return DomainName.withoutDomain(name);
  }

  /** The network service without the domain that it is registered in. */
  public String bareService() {
    return DomainName.withoutDomain(service);
  }

  /**
   * The domain in whose registry endpoint and service stand, of {@code nse@domain} and {@code
   * service@domain}; empty: the manager's own.
   */
  public Optional<String> homeDomain() {
    return domain(name).or(() -> domain(service));
  }

  public static Optional<String> domain(String name) {
    return Optional.of(DomainName.parse(name).domain()).filter(domain -> !domain.isEmpty());
  }

  /**
   * Where workloads are registered by name, in the original's API.
   *
   * @param address {@code host:port}
   * @param ofIpam whether it is the central IPAM's server, which speaks without TLS
   */
  public record WorkloadRegistry(String address, boolean ofIpam) {}

  /**
   * As whom a central IPAM is asked, as the original names itself to it.
   *
   * @param name {@code CLUSTER_POD}
   * @param address of the original's workload registry; may be empty
   * @param connectivityDomain may be empty
   */
  public record Lessee(String name, String address, String connectivityDomain) {}
}
