package io.vl3.connection;

import io.vl3.net.IpAddress;
import java.util.List;

/**
 * DNS servers and the domains to search with them.
 *
 * @param servers the servers' addresses
 * @param searchDomains the domains
 */
public record DnsConfig(List<IpAddress> servers, List<String> searchDomains) {

  /** Copies the lists. */
  public DnsConfig {
    servers = List.copyOf(servers);
    searchDomains = List.copyOf(searchDomains);
  }
}
