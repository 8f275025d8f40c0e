package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * The own prefixes of several sources, one behind the other: one source per family for dual stack.
 * There is no prefix while one of the sources has none. Thread-safe.
 */
public final class JoinedPrefixes implements PrefixSource {

  private final List<PrefixSource> sources;

  /** At least one source; what they give must not overlap. */
  public JoinedPrefixes(List<? extends PrefixSource> sources) {
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("sources: none (expected: at least one)");
    }
    this.sources = List.copyOf(sources);
  }

  @Override
  public State current() {
    List<IpPrefix> all = new ArrayList<>();
    for (PrefixSource source : sources) {
      State state = source.current();
      if (state instanceof Missing) {
        return state;
      }
      all.addAll(state.prefixes());
    }
    try {
      return new Known(all);
    } catch (IllegalArgumentException overlap) {
      return new Missing("no prefix: the prefix sources overlap: " + overlap.getMessage());
    }
  }

  @Override
  public void onChange(Runnable listener) {
    sources.forEach(source -> source.onChange(listener));
  }
}
