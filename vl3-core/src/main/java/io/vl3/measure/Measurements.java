package io.vl3.measure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * All that the components of one process measure. Bounded: of more than {@link #MOST} series the
 * later ones are not shown. Thread-safe; nothing blocks.
 */
public final class Measurements {

  static final int MOST = 10_000;

  private final LongSupplier nanos;
  private final Map<Key, Series> series = new ConcurrentHashMap<>();

  /**
   * Nothing is measured yet.
   *
   * @param nanos a clock that goes on steadily
   */
  public Measurements(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The meter of a component, under its name. */
  public Meter meter(String component) {
    return new Entry(component);
  }

  /** A component is no more: it shows nothing from now on. */
  public void forget(String component) {
    series.values().removeIf(one -> one.component().equals(component));
  }

  /** Everything; a snapshot of series that go on. */
  public List<Series> series() {
    return List.copyOf(series.values());
  }

  private record Key(Measure measure, String component, List<String> values) {}

  private Series known(Key key, Function<Key, Series> made) {
    Series known = series.get(key);
    if (known != null) {
      return known;
    }
    return series.size() < MOST ? series.computeIfAbsent(key, made) : made.apply(key);
  }

  private final class Entry implements Meter {

    private final String component;

    Entry(String component) {
      this.component = component;
    }

    @Override
    public Counter counter(Measure what, String... values) {
      return ((Series.Counted) known(key(what, Measure.Kind.COUNT, values), Entry::counted))
          .counter();
    }

    @Override
    public Times times(Measure what, String... values) {
      return ((Series.Timed) known(key(what, Measure.Kind.TIMES, values), Entry::timed)).times();
    }

    @Override
    public long nanos() {
      return nanos.getAsLong();
    }

    private Key key(Measure what, Measure.Kind kind, String... values) {
      if (what.kind() != kind || what.labels().size() != values.length) {
        throw new IllegalArgumentException(
            "measure: %s by %s %s (expected: %s by %s)"
                .formatted(what.text(), kind, List.of(values), what.kind(), what.labels()));
      }
      return new Key(what, what.isOfProcess() ? "" : component, List.of(values));
    }

    private static Series counted(Key key) {
      return new Series.Counted(key.measure(), key.component(), key.values(), new Counter());
    }

    private static Series timed(Key key) {
      return new Series.Timed(key.measure(), key.component(), key.values(), new Times());
    }
  }
}
