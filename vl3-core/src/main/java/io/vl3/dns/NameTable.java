package io.vl3.dns;

import io.vl3.connection.ConnectionId;
import io.vl3.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which workloads have which names and addresses. Several workloads may have one name; it then has
 * the addresses of them all. Thread-safe; empties as connections close.
 */
public final class NameTable {

  /** Guards what follows; for memory work only. */
  private final Object lock = new Object();

  private final Map<ConnectionId, Entry> entries = new HashMap<>();
  private final Index<DnsName> byName = new Index<>();
  private final Index<DnsName> byDomain = new Index<>();
  private final Index<IpAddress> byAddress = new Index<>();

  /** Written under the lock. */
  private volatile long version;

  /**
   * Names a connection's client, in place of what it was named before. The same again, as with each
   * refresh, changes nothing.
   */
  public void put(ConnectionId owner, Collection<DnsName> names, Collection<IpAddress> addresses) {
    Entry entry = new Entry(List.copyOf(names), List.copyOf(addresses));
    synchronized (lock) {
      if (entry.equals(entries.get(owner))) {
        return;
      }
      remove(owner);
      if (entry.names.isEmpty() || entry.addresses.isEmpty()) {
        return;
      }
      version++;
      entries.put(owner, entry);
      byName.add(entry.names, owner);
      byDomain.add(entry.domains(), owner);
      byAddress.add(entry.addresses, owner);
    }
  }

  /** Forgets the names of a connection's client; nothing happens if it has none. */
  public void remove(ConnectionId owner) {
    synchronized (lock) {
      Entry former = entries.remove(owner);
      if (former != null) {
        version++;
        byName.remove(former.names, owner);
        byDomain.remove(former.domains(), owner);
        byAddress.remove(former.addresses, owner);
      }
    }
  }

  /** Another one after each change: what was looked up before may no longer be so then. */
  public long version() {
    return version;
  }

  /** The addresses of a name, of both families; empty for a name that nobody has. */
  public List<IpAddress> addresses(DnsName name) {
    synchronized (lock) {
      return byName.owners(name).stream()
          .flatMap(owner -> entry(owner).addresses.stream())
          .distinct()
          .toList();
    }
  }

  /** The names of an address; empty for one that nobody has, or nobody with a name. */
  public List<DnsName> names(IpAddress address) {
    synchronized (lock) {
      return byAddress.owners(address).stream()
          .flatMap(owner -> entry(owner).names.stream())
          .distinct()
          .toList();
    }
  }

  /**
   * Whether a name lies in the domain: then the domain exists, whether it has an address or not.
   */
  public boolean hasBelow(DnsName domain) {
    synchronized (lock) {
      return !byDomain.owners(domain).isEmpty();
    }
  }

  /** The names and addresses of every workload; a snapshot, in no order. */
  public List<Named> all() {
    synchronized (lock) {
      return entries.entrySet().stream()
          .map(one -> new Named(one.getKey(), one.getValue().names, one.getValue().addresses))
          .toList();
    }
  }

  /**
   * A connection's client with its names.
   *
   * @param owner the connection
   * @param names what it is called
   * @param addresses what its names resolve to
   */
  public record Named(ConnectionId owner, List<DnsName> names, List<IpAddress> addresses) {}

  /** How many connections have a name. */
  public int size() {
    synchronized (lock) {
      return entries.size();
    }
  }

  /** How many names, domains and addresses are kept; 0 when {@link #size} is. */
  int keys() {
    synchronized (lock) {
      return byName.owners.size() + byDomain.owners.size() + byAddress.owners.size();
    }
  }

  private Entry entry(ConnectionId owner) {
    return Optional.ofNullable(entries.get(owner)).orElseThrow();
  }

  private record Entry(List<DnsName> names, List<IpAddress> addresses) {

    Set<DnsName> domains() {
      Set<DnsName> domains = new LinkedHashSet<>();
      names.forEach(name -> domains.addAll(name.domains()));
      return domains;
    }
  }

  /** The holders of each key, in the order in which they came. */
  private static final class Index<K> {

    private final Map<K, Set<ConnectionId>> owners = new HashMap<>();

    void add(Collection<K> keys, ConnectionId owner) {
      keys.forEach(key -> owners.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(owner));
    }

    void remove(Collection<K> keys, ConnectionId owner) {
      for (K key : keys) {
        owners.computeIfPresent(
            key,
            (k, having) -> {
              having.remove(owner);
              return having.isEmpty() ? null : having;
            });
      }
    }

    Set<ConnectionId> owners(K key) {
      return owners.getOrDefault(key, Set.of());
    }
  }
}
