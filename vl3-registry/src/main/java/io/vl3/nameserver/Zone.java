package io.vl3.nameserver;

import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a name server is answerable for.
 *
 * @param names the names it knows itself
 * @param domains the domains in which a name that nobody knows does not exist
 * @param pools the prefixes in which an address that nobody knows has no name, as things stand
 */
public record Zone(NameTable names, List<DnsName> domains, Supplier<List<IpPrefix>> pools) {

  /** Copies the list. */
  public Zone {
    domains = List.copyOf(domains);
  }

  /** The narrowest domain of ours that the name lies in. */
  Optional<DnsName> domainOf(DnsName name) {
    return domains.stream()
        .filter(name::isWithin)
        .max(Comparator.comparingInt(domain -> domain.text().length()));
  }

  /** Whether it is a domain: one of ours, or one above ours or above a name. */
  boolean isDomain(DnsName name) {
    return names.hasBelow(name) || domains.stream().anyMatch(domain -> domain.isWithin(name));
  }

  boolean isInPools(IpAddress address) {
    return pools.get().stream().anyMatch(pool -> pool.contains(address));
  }
}
