package io.vl3.nameserver.internal;

import io.vl3.dns.DnsName;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import io.vl3.nameserver.internal.Received.Query;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;

/** The answers that need nobody else. */
final class LocalAnswers {

  private static final Name IPV4_REVERSE = Name.fromConstantString("in-addr.arpa.");
  private static final Name IPV6_REVERSE = Name.fromConstantString("ip6.arpa.");

  /** Labels of a whole address's name, with the root. */
  private static final int IPV4_LABELS = 7;

  private static final int IPV6_LABELS = 35;

  private final Zone zone;
  private final NameServerSettings settings;

  LocalAnswers(Zone zone, NameServerSettings settings) {
    this.zone = zone;
    this.settings = settings;
  }

  /** The answer about a name that is in our table, whichever records are asked for. */
  Optional<Message> known(Query query) {
    List<Record> all = records(query.question().getName());
    if (all.isEmpty()) {
      return Optional.empty();
    }
    int type = query.question().getType();
    List<Record> asked = all.stream().filter(r -> type == Type.ANY || r.getType() == type).toList();
    return Optional.of(
        asked.isEmpty() ? nothing(query, Rcode.NOERROR, true) : Replies.answer(query, true, asked));
  }

  /**
   * The answer about a name that nobody knows: a domain exists, a name in our domains does not, and
   * about others we cannot say anything, unless we are to say that there are none. A resolver that
   * is refused asks the next of its servers.
   */
  Message unknown(Query query) {
    Name name = query.question().getName();
    Optional<DnsName> plain = DnsName.tryParse(name.toString());
    if (plain.filter(zone::isDomain).isPresent()) {
      return nothing(query, Rcode.NOERROR, true);
    }
    boolean ours =
        address(name)
            .map(zone::isInPools)
            .orElseGet(() -> plain.flatMap(zone::domainOf).isPresent());
    boolean nowhereElse = settings.foreignNames() == ForeignNames.NXDOMAIN;
    return ours || nowhereElse
        ? nothing(query, Rcode.NXDOMAIN, true)
        : Replies.code(query, Rcode.REFUSED);
  }

  /** The answer about a name that a peer knows, and that has no such records. */
  Message withoutRecords(Query query) {
    return nothing(query, Rcode.NOERROR, false);
  }

  /**
   * Whether a peer may know what is asked for: it is a whole name that a workload of our network
   * may have, or stands for a whole address. Nothing else is anybody's but the asker's business.
   */
  boolean peersMayKnow(Query query) {
    Name name = query.question().getName();
    boolean reverse = name.subdomain(IPV4_REVERSE) || name.subdomain(IPV6_REVERSE);
    return reverse
        ? address(name).isPresent()
        : DnsName.tryParse(name.toString()).filter(zone::mayHave).isPresent();
  }

  private Message nothing(Query query, int rcode, boolean authoritative) {
    Name name = query.question().getName();
    Name domain =
        DnsName.tryParse(name.toString())
            .flatMap(zone::domainOf)
            .map(found -> wire(found))
            .orElseGet(() -> above(name));
    return Replies.nothing(
        query, rcode, authoritative, domain, settings.negativeTimeToLive().toSeconds());
  }

  private static Name above(Name name) {
    return name.labels() > 1 ? new Name(name, 1) : name;
  }

  private List<Record> records(Name name) {
    Optional<IpAddress> address = address(name);
    if (address.isPresent()) {
      return zone.names().names(address.get()).stream().map(n -> pointer(name, n)).toList();
    }
    List<Record> records = new ArrayList<>();
    DnsName.tryParse(name.toString())
        .ifPresent(n -> zone.names().addresses(n).forEach(a -> records.add(record(name, a))));
    return records;
  }

  private Record pointer(Name name, DnsName target) {
    return new PTRRecord(name, DClass.IN, settings.timeToLive().toSeconds(), wire(target));
  }

  private Record record(Name name, IpAddress address) {
    long ttl = settings.timeToLive().toSeconds();
    InetAddress bytes = Addresses.of(address);
    return address.family() == IpFamily.IPV4
        ? new ARecord(name, DClass.IN, ttl, bytes)
        : new AAAARecord(name, DClass.IN, ttl, bytes);
  }

  /** The address that a name below {@code arpa} stands for (RFC 1035, section 3.5; RFC 3596). */
  private static Optional<IpAddress> address(Name name) {
    boolean whole =
        (name.labels() == IPV4_LABELS && name.subdomain(IPV4_REVERSE))
            || (name.labels() == IPV6_LABELS && name.subdomain(IPV6_REVERSE));
    try {
      return whole
          ? Optional.of(ReverseMap.fromName(name)).flatMap(a -> exactly(a, name))
          : Optional.empty();
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }

  /**
   * The address, if the name is the one way to write it: not with zeros or signs before numbers.
   */
  private static Optional<IpAddress> exactly(InetAddress address, Name name) {
    return ReverseMap.fromAddress(address).equals(name)
        ? Optional.of(IpAddress.ofBytes(address.getAddress()))
        : Optional.empty();
  }

  private static Name wire(DnsName name) {
    return Name.fromConstantString(name.text());
  }
}
