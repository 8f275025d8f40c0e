package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import java.util.List;

/**
 * Where an endpoint's own prefixes come from. It may have none yet, or none any more, and it may
 * change them. Thread-safe; calls do not block.
 */
public interface PrefixSource {

  /** The endpoint's prefixes, as of now. */
  State current();

  /**
   * Calls the listener after each change of {@link #current}, on a thread of the source; it must
   * not block.
   */
  void onChange(Runnable listener);

  /** The endpoint's prefixes, or why it has none. */
  sealed interface State {
    /** The own prefixes; empty while there is none. */
    List<IpPrefix> prefixes();
  }

  /**
   * The endpoint's own prefixes.
   *
   * @param prefixes at least one; disjoint; of one family or of both
   */
  record Known(List<IpPrefix> prefixes) implements State {

    /** Refuses an empty list and overlaps. */
    public Known {
      prefixes = List.copyOf(prefixes);
      if (prefixes.isEmpty()) {
        throw new IllegalArgumentException("prefixes: none (expected: at least one)");
      }
      List<IpPrefix> sorted = prefixes.stream().sorted().toList();
      for (int i = 1; i < sorted.size(); i++) {
        if (sorted.get(i - 1).overlaps(sorted.get(i))) {
          throw new IllegalArgumentException(
              "prefixes: %s and %s (expected: disjoint)"
                  .formatted(sorted.get(i - 1), sorted.get(i)));
        }
      }
    }
  }

  /**
   * There is no prefix.
   *
   * @param why the root cause, as a workload shall read it: "no prefix yet: IPAM at ipam:50051
   *     unreachable for 12 s: connection refused"
   */
  record Missing(String why) implements State {
    @Override
    public List<IpPrefix> prefixes() {
      return List.of();
    }
  }
}
