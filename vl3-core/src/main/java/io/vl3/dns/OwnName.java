package io.vl3.dns;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The names that an endpoint has in its own table: those that its templates would give to a client
 * with the endpoint's labels, as NSM's own vL3 gets by asking itself. They stand for the endpoint's
 * own addresses, and follow its prefixes. Thread-safe.
 */
public final class OwnName implements AutoCloseable {

  private static final ConnectionId OWNER = new ConnectionId("the endpoint itself");

  private final NameTable table;
  private final Set<DnsName> names;
  private final Function<IpPrefix, IpAddress> own;
  private final PrefixSource source;
  private boolean closed;

  private OwnName(
      NameTable table, Set<DnsName> names, Function<IpPrefix, IpAddress> own, PrefixSource source) {
    this.table = table;
    this.names = names;
    this.own = own;
    this.source = source;
  }

  /**
   * Names the endpoint from now on.
   *
   * @param templates what makes names; without a label that a template needs it makes none
   * @param self a connection to the endpoint's network service with the endpoint's labels
   * @param own the endpoint's address in a prefix that it owns
   */
  public static OwnName in(
      NameTable table,
      List<NameTemplate> templates,
      Connection self,
      Function<IpPrefix, IpAddress> own,
      PrefixSource source) {
    Set<DnsName> names = new LinkedHashSet<>();
    templates.forEach(template -> template.name(self).ifPresent(names::add));
    OwnName name = new OwnName(table, Set.copyOf(names), own, source);
    source.onChange(name::follow);
    name.follow();
    return name;
  }

  /** The names; empty if the labels make none. */
  public Set<DnsName> names() {
    return names;
  }

  /** Takes the names away. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    table.remove(OWNER);
  }

  /** One at a time, so that an older state is not put over a newer one. */
  private synchronized void follow() {
    if (!closed) {
      table.put(OWNER, names, source.current().prefixes().stream().map(own).toList());
    }
  }
}
