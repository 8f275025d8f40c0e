package io.vl3.cli.soak;

import java.util.ArrayList;
import java.util.List;

/** When the mortal NSE was away, by the clock of {@link System#nanoTime}. Thread-safe. */
final class Outages {

  private final List<Span> over = new ArrayList<>();
  private final List<Long> lasting = new ArrayList<>();

  private record Span(long begin, long end) {}

  /** One begins now; answers when that is. */
  synchronized long begin() {
    long now = System.nanoTime();
    lasting.add(now);
    return now;
  }

  /** The one that began so is over. */
  synchronized void end(long begin) {
    lasting.remove(Long.valueOf(begin));
    over.add(new Span(begin, System.nanoTime()));
  }

  /** Whether there was one at some time since. */
  synchronized boolean anySince(long since) {
    return !lasting.isEmpty() || over.stream().anyMatch(span -> span.end - since >= 0);
  }
}
