package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import java.util.List;

/** Own prefixes that are known from the start and never change. */
public final class FixedPrefixes implements PrefixSource {

  private final Known known;

  /**
   * The given prefixes, of one family or of both.
   *
   * @throws IllegalArgumentException if there is none, or two overlap
   */
  public FixedPrefixes(List<IpPrefix> prefixes) {
    known = new Known(prefixes);
  }

  /** The given prefixes, of one family or of both. */
  public static FixedPrefixes of(IpPrefix... prefixes) {
    return new FixedPrefixes(List.of(prefixes));
  }

  @Override
  public State current() {
    return known;
  }

  /** Does nothing: there is never a change. */
  @Override
  public void onChange(Runnable listener) {}
}
