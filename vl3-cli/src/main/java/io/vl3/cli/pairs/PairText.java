package io.vl3.cli.pairs;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text for pairs, wherever they are shown. */
public final class PairText {

  private static final int MOST_FAILURES = 20;

  private PairText() {}

  /** A cell of a matrix; a dot where there is no pair. */
  public static String cell(@Nullable Pair pair) {
    if (pair == null) {
      return ".";
    }
    return pair.ok() ? String.format(Locale.ROOT, "%.3f", pair.rttMillis()) : "FAIL";
  }

  /** How long the answers took, in a line; empty if there are none. */
  public static String roundTrips(List<Pair> pairs) {
    double[] sorted =
        pairs.stream().filter(Pair::ok).mapToDouble(Pair::rttMillis).sorted().toArray();
    if (sorted.length == 0) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "round trip, ms: least %.3f, median %.3f, most %.3f%n",
        sorted[0],
        sorted[sorted.length / 2],
        sorted[sorted.length - 1]);
  }

  /** The first pairs that failed, a line each. */
  public static String failures(List<Pair> pairs) {
    return pairs.stream()
        .filter(pair -> !pair.ok())
        .limit(MOST_FAILURES)
        .map(
            pair ->
                "FAIL %s -> %s %s: %s\n"
                    .formatted(pair.from(), pair.to(), pair.address(), pair.error()))
        .collect(Collectors.joining());
  }
}
