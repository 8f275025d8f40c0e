package io.vl3.cli.config;

import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads an {@code ipam} section and checks that its parts can work together. */
final class IpamReader {

  /** Stands in where the section has mistakes; never handed out. */
  static final IpamConfig NOTHING =
      new IpamConfig(
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          AddressingMode.POINT_TO_POINT,
          List.of(),
          new PrefixChoice.Fixed(List.of()),
          Duration.ZERO);

  private static final String OCTET = "NSE_IPAM_UNIQUE_OCTET";
  private static final String POD_IP = "NSE_POD_IP";
  private static final String INDEX_OPTION = "--prefix-index";

  private final Environment environment;
  private final Overrides overrides;
  private final Mistakes mistakes;

  IpamReader(Environment environment, Overrides overrides, Mistakes mistakes) {
    this.environment = environment;
    this.overrides = overrides;
    this.mistakes = mistakes;
  }

  /** The section; empty if no pool can be read from it. */
  Optional<IpamConfig> read(Section section) {
    List<String> prefixServers = prefixServers(section);
    List<Located<IpPrefix>> pools = pools(section, prefixServers.isEmpty());
    List<Integer> lengths = lengths(section, pools);
    List<Located<IpPrefix>> excluded = section.list("excludedPrefixes", Parsers::prefix);
    excluded.forEach(prefix -> leavesSomething(prefix, pools));
    Optional<String> server = section.text("serverAddress", Parsers::hostPort).map(Located::value);
    List<IpPrefix> routes = values(section.list("routes", Parsers::prefix));
    AddressingMode addressing = addressing(section.choice("addressing"), !prefixServers.isEmpty());
    PrefixChoice chosen = choice(section, pools, lengths, server);
    PrefixChoice choice = prefixServers.isEmpty() ? chosen : new PrefixChoice.Served(prefixServers);
    Duration rest =
        Duration.ofSeconds(section.integer("restSeconds").map(Located::value).orElse(0));
    if (pools.isEmpty() && prefixServers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IpamConfig(
            values(pools), lengths, routes, server, addressing, values(excluded), choice, rest));
  }

  private static AddressingMode addressing(Optional<Located<String>> word, boolean served) {
    return switch (word.map(Located::value).orElse("")) {
      case "unnumbered" -> AddressingMode.UNNUMBERED;
      case "point-to-point-31" -> AddressingMode.POINT_TO_POINT_31;
      case "point-to-point" -> AddressingMode.POINT_TO_POINT;
      default -> served ? AddressingMode.UNNUMBERED : AddressingMode.POINT_TO_POINT;
    };
  }

  private List<String> prefixServers(Section section) {
    List<String> variable = environment.list("NSM_PREFIX_SERVER_URL", Parsers::prefixServer);
    List<Located<String>> file = section.list("prefixServers", Parsers::prefixServer);
    if (!file.isEmpty()) {
      for (String other : List.of("prefix", "prefixIndex", "serverAddress")) {
        if (section.has(other)) {
          refuse(file.get(0), "nothing, for %s says the prefix already".formatted(other));
        }
      }
    }
    return variable.isEmpty() ? file.stream().map(Located::value).toList() : variable;
  }

  private List<Located<IpPrefix>> pools(Section section, boolean required) {
    List<Located<IpPrefix>> pools = section.list("defaultPrefixPool", Parsers::prefix);
    if (required && !section.has("defaultPrefixPool")) {
      section.missing("defaultPrefixPool", "the network's pool, as in 10.60.0.0/16");
    }
    onePerFamily(pools, "pool");
    pools.forEach(this::holdsALink);
    return pools;
  }

  private void onePerFamily(List<Located<IpPrefix>> prefixes, String what) {
    for (int i = 1; i < prefixes.size(); i++) {
      IpFamily family = prefixes.get(i).value().family();
      if (prefixes.subList(0, i).stream().anyMatch(p -> p.value().family() == family)) {
        refuse(prefixes.get(i), "one %s of each family, IPv4 and IPv6".formatted(what));
      }
    }
  }

  /** What is longer has room for no workload, however it is addressed. */
  private void holdsALink(Located<IpPrefix> prefix) {
    if (prefix.value().length() > longest(prefix.value().family())) {
      refuse(prefix, "room for a link: /%d or shorter".formatted(longest(prefix.value().family())));
    }
  }

  private static int longest(IpFamily family) {
    return family.bits() - 2;
  }

  private List<Integer> lengths(Section section, List<Located<IpPrefix>> pools) {
    List<Located<Integer>> given = section.integers("prefixLength");
    if (given.size() > 1 && given.size() != pools.size()) {
      refuse(given.get(0), "one number, or one for each of the %d pools".formatted(pools.size()));
    }
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      IpPrefix pool = pools.get(i).value();
      lengths.add(given.size() > i ? length(given.get(i), pool) : standardLength(pool));
    }
    return lengths;
  }

  private int length(Located<Integer> given, IpPrefix pool) {
    int longest = longest(pool.family());
    if (given.value() >= pool.length() && given.value() <= longest) {
      return given.value();
    }
    if (pool.length() <= longest) {
      refuse(given, "%d..%d inside pool %s".formatted(pool.length(), longest, pool));
    }
    return pool.length();
  }

  private static int standardLength(IpPrefix pool) {
    return Math.max(pool.length(), pool.family() == IpFamily.IPV4 ? 24 : 64);
  }

  private void leavesSomething(Located<IpPrefix> excluded, List<Located<IpPrefix>> pools) {
    for (Located<IpPrefix> pool : pools) {
      if (excluded.value().contains(pool.value())) {
        refuse(excluded, "less than the whole pool " + pool.value());
      }
    }
  }

  private PrefixChoice choice(
      Section section,
      List<Located<IpPrefix>> pools,
      List<Integer> lengths,
      Optional<String> server) {
    List<Located<IpPrefix>> fixed = section.list("prefix", Parsers::prefix);
    Optional<Located<Integer>> index = section.integer("prefixIndex");
    fixed.forEach(prefix -> insidePool(prefix, pools));
    onePerPool(fixed, pools);
    onePerFamily(fixed, "prefix");
    index.ifPresent(i -> exclusive(i, fixed, server));
    index.ifPresent(i -> room(i.value(), pools, lengths).forEach(range -> refuse(i, range)));
    Optional<PrefixChoice> option = option(pools, lengths);
    if (option.isPresent()) {
      return option.get();
    }
    if (!fixed.isEmpty()) {
      return new PrefixChoice.Fixed(values(fixed));
    }
    return index
        .<PrefixChoice>map(i -> new PrefixChoice.Index(i.value(), "prefixIndex in the file"))
        .or(() -> server.map(PrefixChoice.Leased::new))
        .orElseGet(() -> fromPod(pools, lengths));
  }

  private Optional<PrefixChoice> option(List<Located<IpPrefix>> pools, List<Integer> lengths) {
    Optional<Integer> index =
        environment.option(
            INDEX_OPTION,
            overrides.prefixIndex(),
            text -> Environment.number(text, 0, 999_999_999));
    index.ifPresent(
        i ->
            room(i, pools, lengths)
                .forEach(range -> environment.refuse(INDEX_OPTION, i.toString(), range)));
    return index.map(i -> new PrefixChoice.Index(i, INDEX_OPTION));
  }

  private PrefixChoice fromPod(List<Located<IpPrefix>> pools, List<Integer> lengths) {
    OptionalInt octet = environment.integer(OCTET, 0, 255);
    Optional<IpAddress> pod = environment.text(POD_IP, IpAddress::parse);
    PrefixChoice.Octet choice;
    if (octet.isPresent()) {
      choice = new PrefixChoice.Octet(octet.getAsInt(), OCTET);
    } else if (pod.isPresent() && pod.get().family() == IpFamily.IPV4) {
      int third = Byte.toUnsignedInt(pod.get().toBytes()[2]);
      choice = new PrefixChoice.Octet(third, "third octet of " + POD_IP);
    } else {
      return new PrefixChoice.Index(0, "nothing says which: the pool's first");
    }
    for (int i = 0; i < pools.size(); i++) {
      holdsOctet(pools.get(i), lengths.get(i), choice);
    }
    return choice;
  }

  private void holdsOctet(Located<IpPrefix> pool, int length, PrefixChoice.Octet choice) {
    IpPrefix whole = pool.value();
    if (whole.family() == IpFamily.IPV6 && choice.octet() > lastIndex(whole, length)) {
      refuseOctet(pool, "a /%d with the index %d".formatted(length, choice.octet()), choice);
    } else if (whole.family() == IpFamily.IPV4) {
      IpPrefix own = choice.cutFrom(List.of(whole), List.of(length)).get(0);
      if (!whole.contains(own)) {
        refuseOctet(pool, own.toString(), choice);
      }
    }
  }

  private void refuseOctet(Located<IpPrefix> pool, String own, PrefixChoice.Octet choice) {
    refuse(
        pool,
        "a pool that holds %s, which %s gives; or prefix or prefixIndex"
            .formatted(own, choice.why()));
  }

  private void insidePool(Located<IpPrefix> prefix, List<Located<IpPrefix>> pools) {
    boolean inside = pools.stream().anyMatch(pool -> pool.value().contains(prefix.value()));
    if (!inside && !pools.isEmpty()) {
      refuse(prefix, "a prefix inside the pool " + values(pools));
    }
    holdsALink(prefix);
  }

  private void onePerPool(List<Located<IpPrefix>> fixed, List<Located<IpPrefix>> pools) {
    if (!fixed.isEmpty() && !pools.isEmpty() && fixed.size() != pools.size()) {
      refuse(fixed.get(0), "one prefix for each of the %d pools".formatted(pools.size()));
    }
  }

  private void exclusive(
      Located<Integer> index, List<Located<IpPrefix>> fixed, Optional<String> server) {
    if (!fixed.isEmpty()) {
      refuse(index, "nothing, for prefix says it already");
    } else if (server.isPresent()) {
      refuse(index, "nothing, for serverAddress names an IPAM that says it");
    }
  }

  /** What each pool that has no such prefix would allow. */
  private static List<String> room(
      int index, List<Located<IpPrefix>> pools, List<Integer> lengths) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      IpPrefix pool = pools.get(i).value();
      long last = lastIndex(pool, lengths.get(i));
      if (index > last) {
        ranges.add("0..%d for a /%d inside %s".formatted(last, lengths.get(i), pool));
      }
    }
    return ranges;
  }

  private static long lastIndex(IpPrefix pool, int length) {
    int bits = Math.max(0, length - pool.length());
    return bits < 63 ? (1L << bits) - 1 : Long.MAX_VALUE;
  }

  private void refuse(Located<?> found, String expected) {
    mistakes.add(found.at(), found.path(), found.shown(), expected);
  }

  private static <T> List<T> values(List<Located<T>> located) {
    return located.stream().map(Located::value).toList();
  }
}
