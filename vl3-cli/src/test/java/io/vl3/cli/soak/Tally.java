package io.vl3.cli.soak;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts operations, and judges those that failed. Thread-safe. */
final class Tally {

  private static final int MOST_SHOWN = 40;

  /** What a caller may hear of an endpoint that is dead. */
  private static final Set<Reason> OF_AN_OUTAGE =
      EnumSet.of(Reason.UNAVAILABLE, Reason.DEADLINE, Reason.NOT_FOUND);

  private final Outages outages;
  private final String mortal;
  private final Map<String, Integer> done = new TreeMap<>();
  private final Map<String, Integer> explained = new TreeMap<>();
  private final List<String> unexplained = new ArrayList<>();
  private int bad;

  Tally(Outages outages, String mortal) {
    this.outages = outages;
    this.mortal = mortal;
  }

  synchronized void done(String kind) {
    done.merge(kind, 1, Integer::sum);
  }

  /**
   * Something failed that should not have. It is explained by an endpoint that was away at the
   * time, if that one served or may have served; by nothing else.
   *
   * @param begun when the operation began, by {@link System#nanoTime}
   * @param servedBy who served before it failed; empty if that is not known
   */
  synchronized void failed(String kind, long begun, String servedBy, Throwable failure) {
    boolean away = outages.anySince(begun);
    boolean his = servedBy.isEmpty() || servedBy.equals(mortal);
    if (away && his && isOfOutage(failure)) {
      explained.merge(kind, 1, Integer::sum);
      return;
    }
    bad++;
    if (unexplained.size() < MOST_SHOWN) {
      String text =
          "%s at %s%s: %s"
              .formatted(
                  kind,
                  servedBy.isEmpty() ? "?" : servedBy,
                  away ? " while another was away" : "",
                  failure);
      unexplained.add(text);
      System.out.printf("soak: FAILED %s%n", text);
      if (!(failure instanceof EndpointException)) {
        failure.printStackTrace(System.out);
      }
    }
  }

  private static boolean isOfOutage(Throwable failure) {
    return failure instanceof Amiss
        || (failure instanceof EndpointException known && OF_AN_OUTAGE.contains(known.reason()));
  }

  synchronized int operations() {
    return done.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized List<String> unexplained() {
    return List.copyOf(unexplained);
  }

  synchronized int bad() {
    return bad;
  }

  /** A line for each kind. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    done.forEach(
        (kind, count) ->
            text.append(
                "soak: %7d x %-25s failed while an NSE was away: %d%n"
                    .formatted(count, kind, explained.getOrDefault(kind, 0))));
    return text.append(
            "soak: %d operations, %d failed without a reason%n".formatted(operations(), bad))
        .toString();
  }

  /** An answer was good, and what it promised is not so. */
  static final class Amiss extends Exception {
    private static final long serialVersionUID = 1;

    Amiss(String message) {
      super(message);
    }
  }
}
