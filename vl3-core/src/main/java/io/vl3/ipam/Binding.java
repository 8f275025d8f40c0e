package io.vl3.ipam;

import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a workload has, whatever the own prefixes are called at the time.
 *
 * @param blocks what its addresses are made of, one per family
 * @param extras its extra prefixes
 */
record Binding(List<IpPrefix> blocks, List<IpPrefix> extras) {

  static final Binding NOTHING = new Binding(List.of(), List.of());

  Binding {
    blocks = List.copyOf(blocks);
    extras = List.copyOf(extras);
  }

  static Binding of(Grant grant) {
    return new Binding(grant.shares().stream().map(Share::block).toList(), grant.extras());
  }

  List<IpPrefix> all() {
    return Stream.concat(blocks.stream(), extras.stream()).toList();
  }

  boolean isNothing() {
    return blocks.isEmpty() && extras.isEmpty();
  }

  /** The grant that it is under the own prefixes of now; what does not fit them is left out. */
  Grant grant(List<OwnPrefix> own, AddressingMode mode) {
    List<Share> shares = new ArrayList<>();
    Set<IpFamily> done = EnumSet.noneOf(IpFamily.class);
    for (IpPrefix block : blocks) {
      Optional<Share> share = share(block, own, mode);
      if (share.isPresent() && done.add(block.family())) {
        shares.add(share.get());
      }
    }
    return new Grant(shares, extras);
  }

  private static Optional<Share> share(IpPrefix block, List<OwnPrefix> own, AddressingMode mode) {
    if (block.length() != mode.blockLength(block.family())) {
      return Optional.empty();
    }
    return own.stream()
        .filter(at -> at.prefix().contains(block) && !mode.reserved(at).overlaps(block))
        .findFirst()
        .map(at -> mode.share(at, block));
  }

  /** {@code 10.60.1.0/30 2001:db8::/126 + 10.60.1.64/28}. */
  String toText() {
    return extras.isEmpty() ? words(blocks) : words(blocks) + " + " + words(extras);
  }

  /** Reads {@link #toText} back. */
  static Binding parse(String text) {
    int plus = text.indexOf("+ ");
    return plus < 0
        ? new Binding(prefixes(text), List.of())
        : new Binding(prefixes(text.substring(0, plus)), prefixes(text.substring(plus + 2)));
  }

  private static String words(List<IpPrefix> prefixes) {
    return prefixes.stream().map(IpPrefix::toString).collect(Collectors.joining(" "));
  }

  static List<IpPrefix> prefixes(String words) {
    return Stream.of(words.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .map(IpPrefix::parse)
        .toList();
  }
}
