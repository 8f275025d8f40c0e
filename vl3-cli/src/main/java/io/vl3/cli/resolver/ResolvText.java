package io.vl3.cli.resolver;

import io.vl3.connection.DnsConfig;
import io.vl3.dns.DnsName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@code resolv.conf} (resolv.conf(5)) with what several clients were told, and with what stood
 * there before: both are kept in comments of it, so that the file alone says all there is to know.
 *
 * @param was what stood there before; empty: there was no file
 * @param told what each client was told, by its name: words of {@code nameserver} and {@code
 *     search} lines
 */
record ResolvText(Optional<String> was, SortedMap<String, Told> told) {

  private static final String HEAD =
      "# Written by vl3 client. Lines with #vl3 keep what was here before; it comes back at its"
          + " end.";

  private static final String WAS = "#vl3 was ";
  private static final String WAS_NOTHING = "#vl3 was-no-file";
  private static final String TOLD = "#vl3 told ";

  private static final String END = "#vl3 end";

  /** The C library asks no more servers (MAXNS). */
  private static final int MOST_SERVERS = 3;

  /** Copies the map. */
  ResolvText {
    told = new TreeMap<>(told);
  }

  /** Servers and search domains, in their order. */
  record Told(List<String> servers, List<String> domains) {

    Told {
      servers = List.copyOf(servers);
      domains = List.copyOf(domains);
    }

    /** What of it a resolver understands. */
    static Told of(List<DnsConfig> configs) {
      return new Told(
          configs.stream().flatMap(dns -> dns.servers().stream()).map(Object::toString).toList(),
          configs.stream()
              .flatMap(dns -> DnsName.allOf(dns.searchDomains()).stream())
              .filter(name -> !name.equals(DnsName.ROOT))
              .map(DnsName::withoutDot)
              .toList());
    }
  }

  /** Reads a file; one that no client has written is what was before. */
  static ResolvText parse(Optional<String> file) {
    if (file.isEmpty() || file.get().lines().noneMatch(END::equals)) {
      return new ResolvText(file, new TreeMap<>());
    }
    List<String> lines = file.get().lines().toList();
    Optional<String> was =
        lines.contains(WAS_NOTHING) ? Optional.empty() : Optional.of(behind(lines, WAS));
    SortedMap<String, Told> told = new TreeMap<>();
    for (String line : behind(lines, TOLD).lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length < 2) {
        continue; // somebody else's
      }
      Told before = told.getOrDefault(words[0], new Told(List.of(), List.of()));
      List<String> values = List.of(words).subList(2, words.length);
      told.put(
          words[0],
          words[1].equals("nameserver")
              ? new Told(values, before.domains())
              : new Told(before.servers(), values));
    }
    return new ResolvText(was, told);
  }

  private static String behind(List<String> lines, String mark) {
    return lines.stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()) + "\n")
        .collect(Collectors.joining());
  }

  /** The same after a client was told something. */
  ResolvText with(String client, Told news) {
    SortedMap<String, Told> changed = new TreeMap<>(told);
    changed.put(client, news);
    return new ResolvText(was, changed);
  }

  /** The same without a client. */
  ResolvText without(String client) {
    SortedMap<String, Told> changed = new TreeMap<>(told);
    changed.remove(client);
    return new ResolvText(was, changed);
  }

  /** The file; empty: there is to be none. */
  Optional<String> text() {
    if (told.isEmpty()) {
      return was;
    }
    List<String> lines = new ArrayList<>(List.of(HEAD));
    servers().forEach(server -> lines.add("nameserver " + server));
    Set<String> domains = domains();
    if (!domains.isEmpty()) {
      lines.add("search " + String.join(" ", domains));
    }
    before().filter(line -> !isServer(line) && !isSearch(line)).forEach(lines::add);
    told.forEach(
        (client, each) -> {
          lines.add(String.join(" ", words(TOLD + client, "nameserver", each.servers())));
          lines.add(String.join(" ", words(TOLD + client, "search", each.domains())));
        });
    if (was.isEmpty()) {
      lines.add(WAS_NOTHING);
    }
    before().forEach(line -> lines.add(WAS + line));
    lines.add(END);
    return Optional.of(String.join("\n", lines) + "\n");
  }

  private static List<String> words(String mark, String keyword, List<String> values) {
    return Stream.concat(Stream.of(mark, keyword), values.stream()).toList();
  }

  private Stream<String> before() {
    return was.stream().flatMap(String::lines);
  }

  /** Each client's first one, then each one's second; the last place is that of the old first. */
  private Set<String> servers() {
    List<String> old =
        before()
            .filter(ResolvText::isServer)
            .map(line -> line.strip().split("\\s+", -1)[1])
            .toList();
    int longest = told.values().stream().mapToInt(each -> each.servers().size()).max().orElse(0);
    Set<String> ours = new LinkedHashSet<>();
    for (int i = 0; i < longest; i++) {
      for (Told each : told.values()) {
        each.servers().stream().skip(i).limit(1).forEach(ours::add);
      }
    }
    Stream<String> first = ours.stream().limit(old.isEmpty() ? MOST_SERVERS : MOST_SERVERS - 1L);
    return Stream.concat(first, old.stream())
        .distinct()
        .limit(MOST_SERVERS)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Of the old ones those of the last line count, as in the C library. */
  private Set<String> domains() {
    Set<String> all = new LinkedHashSet<>();
    told.values().forEach(each -> all.addAll(each.domains()));
    before()
        .filter(ResolvText::isSearch)
        .reduce((one, last) -> last)
        .map(line -> List.of(line.strip().split("\\s+", -1)))
        .ifPresent(words -> all.addAll(words.subList(1, words.size())));
    return all;
  }

  private static boolean isServer(String line) {
    return line.strip().matches("nameserver\\s+.*");
  }

  private static boolean isSearch(String line) {
    return line.strip().matches("(search|domain)\\s+.*");
  }
}
