package io.vl3.cli.config.read;

import io.vl3.cli.config.IpamConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.check.SpecialNetworks;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an {@code ipam} section and checks that its parts can work together. */
final class IpamReader {

  /** Stands in where the section has mistakes; never handed out. */
  static final IpamConfig NOTHING =
      new IpamConfig(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          AddressingMode.POINT_TO_POINT,
          List.of(),
          new PrefixChoice.Fixed(List.of()),
          Duration.ZERO);

  private final Environment environment;
  private final PrefixChooser chooser;
  private final Mistakes mistakes;

  IpamReader(Environment environment, Overrides overrides, Mistakes mistakes) {
    this.environment = environment;
    this.chooser = new PrefixChooser(environment, overrides, mistakes);
    this.mistakes = mistakes;
  }

  /** The section; empty if no pool can be read from it. */
  Optional<IpamConfig> read(Section section) {
    List<String> prefixServers = prefixServers(section);
    AddressingMode addressing = addressing(section.choice("addressing"), !prefixServers.isEmpty());
    List<Located<IpPrefix>> pools = pools(section, prefixServers.isEmpty(), addressing);
    List<Located<IpPrefix>> excluded = section.list("excludedPrefixes", Parsers::prefix);
    excluded.forEach(prefix -> leavesSomething(prefix, pools));
    Optional<String> server = section.text("serverAddress", Parsers::hostPort).map(Located::value);
    List<IpPrefix> routes = values(section.list("routes", Parsers::prefix));
    List<Located<IpPrefix>> fixed = fixed(section, pools, addressing);
    Optional<Located<Integer>> index = section.integer("prefixIndex");
    PrefixChoice choice =
        prefixServers.isEmpty()
            ? chooser.choose(fixed, index, server, values(pools))
            : new PrefixChoice.Served(prefixServers);
    List<Located<Integer>> given = section.integers("prefixLength");
    List<Integer> lengths = lengths(given, pools, choice, addressing);
    chooser.check(choice, index, pools, lengths);
    Duration rest =
        Duration.ofSeconds(section.integer("restSeconds").map(Located::value).orElse(0));
    if (pools.isEmpty() && prefixServers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IpamConfig(
            values(pools),
            lengths,
            claimLengths(given, lengths, pools),
            routes,
            server,
            addressing,
            values(excluded),
            choice,
            rest));
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

  private List<Located<IpPrefix>> pools(
      Section section, boolean required, AddressingMode addressing) {
    List<Located<IpPrefix>> pools = section.list("defaultPrefixPool", Parsers::prefix);
    if (required && !section.has("defaultPrefixPool")) {
      section.missing("defaultPrefixPool", "the network's pool, as in 10.60.0.0/16");
    }
    onePerFamily(pools, "pool");
    pools.forEach(pool -> holdsALink(pool, addressing));
    boolean linkLocal = section.bool("linkLocal").orElse(false);
    for (Located<IpPrefix> pool : pools) {
      SpecialNetworks.objection(pool.value(), linkLocal)
          .ifPresent(expected -> refuse(pool, expected));
    }
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

  /** A longer prefix has room for no workload. */
  private void holdsALink(Located<IpPrefix> prefix, AddressingMode addressing) {
    int longest = longest(prefix.value().family(), addressing);
    if (prefix.value().length() > longest) {
      refuse(prefix, "room for a link: /%d or shorter".formatted(longest));
    }
  }

  /** One link's block; unnumbered, the endpoint's address and a workload's. */
  private static int longest(IpFamily family, AddressingMode addressing) {
    return family.bits() - (addressing == AddressingMode.POINT_TO_POINT ? 2 : 1);
  }

  /**
   * The share of each pool that a peer may claim: the length says it also where we own something
   * else.
   */
  private static List<Integer> claimLengths(
      List<Located<Integer>> given, List<Integer> lengths, List<Located<IpPrefix>> pools) {
    List<Integer> claims = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      IpPrefix pool = pools.get(i).value();
      int said = given.size() > i ? given.get(i).value() : lengths.get(i);
      claims.add(Math.min(Math.max(said, pool.length()), pool.family().bits()));
    }
    return claims;
  }

  private List<Integer> lengths(
      List<Located<Integer>> given,
      List<Located<IpPrefix>> pools,
      PrefixChoice choice,
      AddressingMode addressing) {
    if (given.size() > 1 && given.size() != pools.size()) {
      refuse(given.get(0), "one number, or one for each of the %d pools".formatted(pools.size()));
    }
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      IpPrefix pool = pools.get(i).value();
      boolean counts = given.size() > i && choice.usesLength(pool);
      lengths.add(counts ? length(given.get(i), pool, addressing) : standardLength(pool));
    }
    return lengths;
  }

  private int length(Located<Integer> given, IpPrefix pool, AddressingMode addressing) {
    int longest = longest(pool.family(), addressing);
    if (given.value() >= pool.length() && given.value() <= longest) {
      return given.value();
    }
    if (pool.length() <= longest) {
      refuse(given, "%d..%d inside pool %s".formatted(pool.length(), longest, pool));
    }
    return standardLength(pool);
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

  private List<Located<IpPrefix>> fixed(
      Section section, List<Located<IpPrefix>> pools, AddressingMode addressing) {
    List<Located<IpPrefix>> fixed = section.list("prefix", Parsers::prefix);
    fixed.forEach(prefix -> insidePool(prefix, pools));
    fixed.forEach(prefix -> holdsALink(prefix, addressing));
    onePerPool(fixed, pools);
    onePerFamily(fixed, "prefix");
    return fixed;
  }

  private void insidePool(Located<IpPrefix> prefix, List<Located<IpPrefix>> pools) {
    boolean inside = pools.stream().anyMatch(pool -> pool.value().contains(prefix.value()));
    if (!inside && !pools.isEmpty()) {
      refuse(prefix, "a prefix inside the pool " + values(pools));
    }
  }

  private void onePerPool(List<Located<IpPrefix>> fixed, List<Located<IpPrefix>> pools) {
    if (!fixed.isEmpty() && !pools.isEmpty() && fixed.size() != pools.size()) {
      refuse(fixed.get(0), "one prefix for each of the %d pools".formatted(pools.size()));
    }
  }

  private void refuse(Located<?> found, String expected) {
    mistakes.add(found.at(), found.path(), found.shown(), expected);
  }

  private static <T> List<T> values(List<Located<T>> located) {
    return located.stream().map(Located::value).toList();
  }
}
