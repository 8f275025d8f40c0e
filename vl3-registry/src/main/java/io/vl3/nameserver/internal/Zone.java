package io.vl3.nameserver.internal;

import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.dns.NameTemplate;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a name server is answerable for.
 *
 * @param names the names it knows itself
 * @param domains the domains in which a name that nobody knows does not exist
 * @param others whether a peer may know a name outside of these domains; it is asked then
 * @param pools the prefixes in which an address that nobody knows has no name, as things stand
 */
public record Zone(
    NameTable names,
    List<DnsName> domains,
    Predicate<DnsName> others,
    Supplier<List<IpPrefix>> pools) {

  /** Copies the list. */
  public Zone {
    domains = List.copyOf(domains);
  }

  /** Of these domains alone. */
  public Zone(NameTable names, List<DnsName> domains, Supplier<List<IpPrefix>> pools) {
    this(names, domains, name -> false, pools);
  }

  /** Of the names that templates make for the clients of a network service. */
  public static Zone of(
      NameTable names,
      List<NameTemplate> templates,
      String service,
      Supplier<List<IpPrefix>> pools) {
    return new Zone(
        names,
        templates.stream().map(template -> template.domain(service)).toList(),
        name -> templates.stream().anyMatch(template -> template.mayMakeElsewhere(name, service)),
        pools);
  }

  /** The narrowest domain of ours that the name lies in. */
  Optional<DnsName> domainOf(DnsName name) {
    return domains.stream()
        .filter(name::isWithin)
        .max(Comparator.comparingInt(domain -> domain.text().length()));
  }

  /** Whether a workload of the network may have the name. */
  boolean mayHave(DnsName name) {
    return domains.stream().anyMatch(domain -> name.isWithin(domain) && !name.equals(domain))
        || others.test(name);
  }

  /** Whether it is a domain: one of ours, or one above ours or above a name. */
  boolean isDomain(DnsName name) {
    return names.hasBelow(name) || domains.stream().anyMatch(domain -> domain.isWithin(name));
  }

  boolean isInPools(IpAddress address) {
    return pools.get().stream().anyMatch(pool -> pool.contains(address));
  }
}
