package io.vl3.cli.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vl3.internal.log.Printable;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Values of figures at one time; of two with the same labels the later counts. */
final class Samples {

  private final Map<Figure, Map<Labels, Double>> values = new EnumMap<>(Figure.class);

  /** A value, with those of the figure's labels in their order. */
  void add(Figure figure, double value, String... labels) {
    values
        .computeIfAbsent(figure, none -> new LinkedHashMap<>())
        .put(labels(figure, labels), value);
  }

  /** The same of what is so or not. */
  void add(Figure figure, boolean isSo, String... labels) {
    add(figure, isSo ? 1 : 0, labels);
  }

  private static Labels labels(Figure figure, String... labels) {
    return Labels.of(
        figure.labels().toArray(String[]::new),
        Stream.of(labels).map(Printable::of).toArray(String[]::new));
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    values.forEach((figure, points) -> all.metricSnapshot(snapshot(figure, points)));
    return all.build();
  }

  private static MetricSnapshot snapshot(Figure figure, Map<Labels, Double> points) {
    return switch (figure.type()) {
      case COUNTER -> counter(figure, points);
      case INFO -> info(figure, points);
      default -> gauge(figure, points);
    };
  }

  private static MetricSnapshot gauge(Figure figure, Map<Labels, Double> points) {
    GaugeSnapshot.Builder all = GaugeSnapshot.builder().name(figure.base()).help(figure.help());
    points.forEach(
        (labels, value) ->
            all.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return all.build();
  }

  private static MetricSnapshot counter(Figure figure, Map<Labels, Double> points) {
    CounterSnapshot.Builder all = CounterSnapshot.builder().name(figure.base()).help(figure.help());
    points.forEach(
        (labels, value) ->
            all.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return all.build();
  }

  private static MetricSnapshot info(Figure figure, Map<Labels, Double> points) {
    InfoSnapshot.Builder all = InfoSnapshot.builder().name(figure.base()).help(figure.help());
    points
        .keySet()
        .forEach(labels -> all.dataPoint(InfoDataPointSnapshot.builder().labels(labels).build()));
    return all.build();
  }
}
