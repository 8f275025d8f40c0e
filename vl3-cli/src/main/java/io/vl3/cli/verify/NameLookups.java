package io.vl3.cli.verify;

import io.vl3.linux.Netns;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks the name servers of a workload from inside of its namespace, as the C library does: one
 * after the other, until one answers with something else than a failure or a refusal. Blocks.
 */
final class NameLookups {

  private final String workload;
  private final Netns netns;
  private final List<IpAddress> servers;
  private final Duration timeout;

  /**
   * Lookups of one workload.
   *
   * @param timeout how long each server may take
   */
  NameLookups(String workload, Netns netns, List<IpAddress> servers, Duration timeout) {
    this.workload = workload;
    this.netns = netns;
    this.servers = servers;
    this.timeout = timeout;
  }

  /** An answer that counts, and from whom; or why there is none. */
  private record Said(String server, int code, List<String> addresses) {}

  /**
   * Looks a name up.
   *
   * @param expected the addresses that the network has for it
   */
  NameCheck look(String name, Set<String> expected) {
    try {
      List<String> found = new ArrayList<>();
      Said last = new Said("", Rcode.SERVFAIL, List.of());
      for (IpFamily family : families(expected)) {
        last = ask(name, family == IpFamily.IPV4 ? Type.A : Type.AAAA);
        found.addAll(last.addresses());
      }
      return judge(name, expected, last, found);
    } catch (Exception failure) {
      return new NameCheck(
          workload, name, "", List.of(), false, String.valueOf(failure.getMessage()));
    }
  }

  private NameCheck judge(String name, Set<String> expected, Said last, List<String> found) {
    String error = "";
    if (last.server().isEmpty()) {
      error = "none of %s answers".formatted(servers);
    } else if (found.isEmpty()) {
      error = "%s says %s".formatted(last.server(), Rcode.string(last.code()));
    } else if (!expected.containsAll(found)) {
      error =
          "%s says %s (expected: of %s)"
              .formatted(last.server(), String.join(" ", found), String.join(" ", expected));
    }
    return new NameCheck(workload, name, last.server(), found, error.isEmpty(), error);
  }

  private static List<IpFamily> families(Set<String> addresses) {
    return addresses.stream()
        .flatMap(text -> IpAddress.tryParse(text).stream())
        .map(IpAddress::family)
        .distinct()
        .sorted()
        .toList();
  }

  private Said ask(String name, int type) throws Exception {
    Said failed = new Said("", Rcode.SERVFAIL, List.of());
    for (IpAddress server : servers) {
      Message answer;
      try {
        answer = netns.call(() -> ask(server, name, type));
      } catch (IOException silent) {
        continue;
      }
      Said said = new Said(server.toString(), answer.getRcode(), addresses(answer));
      if (said.code() == Rcode.NOERROR || said.code() == Rcode.NXDOMAIN) {
        return said;
      }
      failed = said;
    }
    return failed;
  }

  private Message ask(IpAddress server, String name, int type) throws IOException {
    SimpleResolver resolver = new SimpleResolver(server.toString());
    resolver.setTimeout(timeout);
    return resolver.send(Message.newQuery(Record.newRecord(absolute(name), type, DClass.IN)));
  }

  private static Name absolute(String name) throws TextParseException {
    return Name.fromString(name, Name.root);
  }

  private static List<String> addresses(Message answer) {
    List<String> addresses = new ArrayList<>();
    for (Record record : answer.getSection(Section.ANSWER)) {
      if (record instanceof ARecord a) {
        addresses.add(IpAddress.ofBytes(a.getAddress().getAddress()).toString());
      } else if (record instanceof AAAARecord aaaa) {
        addresses.add(IpAddress.ofBytes(aaaa.getAddress().getAddress()).toString());
      }
    }
    return addresses;
  }
}
