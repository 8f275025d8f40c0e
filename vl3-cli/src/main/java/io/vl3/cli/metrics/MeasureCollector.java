package io.vl3.cli.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vl3.internal.log.Printable;
import io.vl3.measure.Measure;
import io.vl3.measure.Measurements;
import io.vl3.measure.Series;
import io.vl3.measure.Series.Counted;
import io.vl3.measure.Series.Timed;
import io.vl3.measure.Times;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Turns what components measure into counters and histograms of Prometheus. */
final class MeasureCollector implements MultiCollector {

  private static final double NANOS = 1e9;

  /** The upper bounds in seconds; the last bucket has none. */
  private static final List<Double> BOUNDS =
      LongStream.concat(LongStream.of(Times.boundsNanos()), LongStream.of(Long.MAX_VALUE))
          .mapToObj(nanos -> nanos == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : nanos / NANOS)
          .toList();

  private final Measurements measurements;

  MeasureCollector(Measurements measurements) {
    this.measurements = measurements;
  }

  @Override
  public MetricSnapshots collect() {
    Map<Measure, CounterSnapshot.Builder> counters = new EnumMap<>(Measure.class);
    Map<Measure, HistogramSnapshot.Builder> histograms = new EnumMap<>(Measure.class);
    for (Series series : measurements.series()) {
      if (series instanceof Counted counted) {
        counters
            .computeIfAbsent(series.measure(), MeasureCollector::counter)
            .dataPoint(point(counted));
      } else if (series instanceof Timed timed) {
        histograms
            .computeIfAbsent(series.measure(), MeasureCollector::histogram)
            .dataPoint(point(timed));
      }
    }
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    counters.values().forEach(each -> all.metricSnapshot(each.build()));
    histograms.values().forEach(each -> all.metricSnapshot(each.build()));
    return all.build();
  }

  private static CounterSnapshot.Builder counter(Measure measure) {
    return CounterSnapshot.builder().name(Family.base(measure)).help(measure.help());
  }

  private static HistogramSnapshot.Builder histogram(Measure measure) {
    return HistogramSnapshot.builder().name(Family.base(measure)).help(measure.help());
  }

  private static CounterDataPointSnapshot point(Counted series) {
    return CounterDataPointSnapshot.builder()
        .labels(labels(series))
        .value((double) series.counter().value())
        .build();
  }

  private static HistogramDataPointSnapshot point(Timed series) {
    return HistogramDataPointSnapshot.builder()
        .labels(labels(series))
        .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, series.times().buckets()))
        .sum(series.times().sumNanos() / NANOS)
        .build();
  }

  private static Labels labels(Series series) {
    List<String> values = new ArrayList<>();
    if (!series.measure().isOfProcess()) {
      values.add(Printable.of(series.component()));
    }
    values.addAll(series.values());
    return Labels.of(
        Family.labels(series.measure()).toArray(String[]::new), values.toArray(String[]::new));
  }
}
