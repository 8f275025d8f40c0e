package io.vl3.grpc;

import io.vl3.api.ipam.PrefixResponse;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What a prefix server granted.
 *
 * @param text the prefix as the server writes it: what it recognises when asked for it again
 * @param prefixes what of it is ours: no host bits, without the exclusions and without what lies
 *     before a start that is not aligned, which is somebody else's
 */
record PrefixGrant(String text, List<IpPrefix> prefixes) {

  /** Reads an answer; IllegalArgumentException if nothing of it can be used. */
  static PrefixGrant of(PrefixResponse answer) {
    String text = answer.getPrefix();
    int slash = text.indexOf('/');
    IpPrefix whole = IpPrefix.parseLenient(text);
    List<IpPrefix> excluded = new ArrayList<>();
    answer.getExcludePrefixesList().forEach(e -> excluded.add(IpPrefix.parseLenient(e)));
    PrefixSet ours = PrefixSet.of(whole).subtract(PrefixSet.of(excluded));
    if (slash > 0) {
      ours = ours.subtract(before(whole, IpPrefix.parseLenient(text.substring(0, slash))));
    }
    if (ours.isEmpty()) {
      throw new IllegalArgumentException(
          "prefix: %s (expected: something beside the excluded %s)".formatted(text, excluded));
    }
    return new PrefixGrant(text, ours.prefixes());
  }

  /** The part of a prefix before an address: at each halving the lower half, if it is skipped. */
  private static PrefixSet before(IpPrefix whole, IpPrefix start) {
    List<IpPrefix> skipped = new ArrayList<>();
    IpPrefix part = whole;
    while (part.length() < start.length() && !part.first().equals(start.first())) {
      IpPrefix lower = IpPrefix.containing(part.first(), part.length() + 1);
      if (lower.contains(start)) {
        part = lower;
      } else {
        skipped.add(lower);
        part = IpPrefix.containing(start.first(), part.length() + 1);
      }
    }
    return PrefixSet.of(skipped);
  }
}
