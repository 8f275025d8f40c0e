package io.vl3.cli.soak;

import io.vl3.linux.Netns;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Namespaces whose client is gone and has closed nothing: each has to be empty when its token has
 * expired, and is removed then. Thread-safe.
 */
final class Forsaken {

  /** Past the token's end, for a machine that is busy, and an endpoint that is away just then. */
  private static final Duration GRACE = Duration.ofSeconds(45);

  /** Two lines of heading and the loopback. */
  private static final int EMPTY_LINES = 3;

  private final Queue<Place> places = new ArrayDeque<>();
  private final List<String> late = new ArrayList<>();
  private int emptied;

  private record Place(Netns netns, long since) {}

  synchronized void add(Netns netns) {
    places.add(new Place(netns, System.nanoTime()));
  }

  /** Looks at those whose time has come; answers how many are left. */
  synchronized int look() throws Exception {
    long limit = SoakClients.TOKEN_LIFETIME.plus(GRACE).toNanos();
    List<Place> left = new ArrayList<>();
    for (Place place : places) {
      String interfaces = Visitor.interfaces(place.netns);
      boolean overdue = System.nanoTime() - place.since > limit;
      if (interfaces.lines().count() > EMPTY_LINES && !overdue) {
        left.add(place);
        continue;
      }
      if (interfaces.lines().count() > EMPTY_LINES) {
        late.add("%s after %s: %s".formatted(place.netns, Duration.ofNanos(limit), interfaces));
      }
      emptied++;
      Netns.delete(String.valueOf(place.netns.path().getFileName()));
    }
    places.clear();
    places.addAll(left);
    return left.size();
  }

  /** How many have been looked at to the end. */
  synchronized int emptied() {
    return emptied;
  }

  /** Those in which something was left for too long. */
  synchronized List<String> late() {
    return List.copyOf(late);
  }
}
