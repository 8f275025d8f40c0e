package io.vl3.cli.config.read;

import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.variables.Environment;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decides which prefix of the pools is the endpoint's own, and checks that the pools have it. */
final class PrefixChooser {

  private static final String OCTET = "NSE_IPAM_UNIQUE_OCTET";
  private static final String POD_IP = "NSE_POD_IP";
  private static final String INDEX_OPTION = "--prefix-index";

  private final Environment environment;
  private final Overrides overrides;
  private final Mistakes mistakes;

  PrefixChooser(Environment environment, Overrides overrides, Mistakes mistakes) {
    this.environment = environment;
    this.overrides = overrides;
    this.mistakes = mistakes;
  }

  /** The option, else what the file says, else what the pod's variables say. */
  PrefixChoice choose(
      List<Located<IpPrefix>> fixed,
      Optional<Located<Integer>> index,
      Optional<String> server,
      List<IpPrefix> pools) {
    index.ifPresent(i -> exclusive(i, fixed, server));
    Optional<PrefixChoice> option =
        environment
            .option(
                INDEX_OPTION,
                overrides.prefixIndex(),
                text -> Environment.number(text, 0, 999_999_999))
            .map(i -> new PrefixChoice.Index(i, INDEX_OPTION));
    if (option.isPresent()) {
      return option.get();
    }
    if (!fixed.isEmpty()) {
      return new PrefixChoice.Fixed(fixed.stream().map(Located::value).toList());
    }
    return index
        .<PrefixChoice>map(i -> new PrefixChoice.Index(i.value(), "prefixIndex in the file"))
        .or(() -> server.map(PrefixChoice.Leased::new))
        .orElseGet(() -> fromPod(pools));
  }

  /** Notes each pool that does not have the prefix. */
  void check(
      PrefixChoice choice,
      Optional<Located<Integer>> index,
      List<Located<IpPrefix>> pools,
      List<Integer> lengths) {
    index.ifPresent(i -> room(i.value(), pools, lengths).forEach(range -> refuse(i, range)));
    if (choice instanceof PrefixChoice.Index option && option.why().equals(INDEX_OPTION)) {
      String number = String.valueOf(option.index());
      room(option.index(), pools, lengths)
          .forEach(range -> environment.refuse(INDEX_OPTION, number, range));
    } else if (choice instanceof PrefixChoice.Octet octet) {
      for (int i = 0; i < pools.size(); i++) {
        holdsOctet(pools.get(i), lengths.get(i), octet);
      }
    }
  }

  private PrefixChoice fromPod(List<IpPrefix> pools) {
    OptionalInt octet = environment.integer(OCTET, 0, 255);
    Optional<IpAddress> pod = environment.text(POD_IP, IpAddress::parse);
    if (octet.isPresent()) {
      return PrefixChoice.Octet.of(octet.getAsInt(), OCTET, pools);
    }
    return pod.filter(address -> address.family() == IpFamily.IPV4)
        .<PrefixChoice>map(
            address ->
                PrefixChoice.Octet.of(
                    Byte.toUnsignedInt(address.toBytes()[2]), "third octet of " + POD_IP, pools))
        .orElseGet(() -> new PrefixChoice.Index(0, "nothing says which: the pool's first"));
  }

  private void holdsOctet(Located<IpPrefix> pool, int length, PrefixChoice.Octet choice) {
    IpPrefix whole = pool.value();
    if (whole.family() == IpFamily.IPV6 && choice.octet() > lastIndex(whole, length)) {
      refuse(
          pool,
          "a pool that holds a /%d with the index %d, which %s gives; or prefix or prefixIndex"
              .formatted(length, choice.octet(), choice.why()));
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

  /** The range that each pool without such a prefix would allow. */
  private static List<String> room(
      long index, List<Located<IpPrefix>> pools, List<Integer> lengths) {
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
}
