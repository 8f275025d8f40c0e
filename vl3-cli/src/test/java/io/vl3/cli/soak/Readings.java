package io.vl3.cli.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was measured before, during and after a soak. Thread-safe. */
final class Readings {

  private static final double SECOND_QUARTER = 0.25;
  private static final double HALF = 0.5;
  private static final double LAST_QUARTER = 0.75;

  /** What a process may have more of once it has been used: threads that wait for work. */
  private static final double SWOLLEN = 30;

  private final Map<String, Map<Figure, Row>> rows = new LinkedHashMap<>();

  private static final class Row {
    double begin = Double.NaN;
    double end = Double.NaN;
    final Map<Double, Double> during = new TreeMap<>();

    double median(double from, double to) {
      List<Double> sorted = new ArrayList<>();
      during.forEach(
          (at, value) -> {
            if (at >= from && at <= to) {
              sorted.add(value);
            }
          });
      sorted.sort(null);
      return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    double second() {
      return median(SECOND_QUARTER, HALF);
    }

    double last() {
      return median(LAST_QUARTER, 1);
    }
  }

  /** What was so before the churn. */
  synchronized void before(String process, Map<Figure, Double> figures) {
    figures.forEach((figure, value) -> row(process, figure).begin = value);
  }

  /** What was so at a part of the churn, from 0 to 1. */
  synchronized void during(String process, double part, Map<Figure, Double> figures) {
    figures.forEach((figure, value) -> row(process, figure).during.put(part, value));
  }

  /** What was so at the end. */
  synchronized void after(String process, Map<Figure, Double> figures) {
    figures.forEach((figure, value) -> row(process, figure).end = value);
  }

  synchronized double begin(String process, Figure figure) {
    return find(process, figure).begin;
  }

  synchronized double end(String process, Figure figure) {
    return find(process, figure).end;
  }

  /** What has grown beyond its bound from the second quarter to the last one, of a process. */
  synchronized List<String> grown(String process) {
    List<String> grown = new ArrayList<>();
    rows.getOrDefault(process, Map.of())
        .forEach(
            (figure, row) -> {
              if (!(row.last() <= figure.most(row.second()))) {
                grown.add(
                    "%s: %s: %s in the last quarter (expected: at most %s) [%s in the second]"
                        .formatted(
                            process,
                            figure.words(),
                            text(row.last()),
                            text(figure.most(row.second())),
                            text(row.second())));
              }
            });
    return grown;
  }

  /** Descriptors and threads that a process has kept from a run that is too short for more. */
  synchronized List<String> swollen(String process) {
    List<String> swollen = new ArrayList<>();
    for (Figure figure : List.of(Figure.DESCRIPTORS, Figure.THREADS)) {
      Row row = find(process, figure);
      if (!(row.end <= row.begin + SWOLLEN)) {
        swollen.add(
            "%s: %s: %s at the end (expected: at most %s)"
                .formatted(process, figure.words(), text(row.end), text(row.begin + SWOLLEN)));
      }
    }
    return swollen;
  }

  /** A line for each figure of each process. */
  synchronized String table() {
    StringBuilder table = new StringBuilder();
    table.append(line("process", "figure", "begin", "second quarter", "last quarter", "end"));
    rows.forEach(
        (process, figures) ->
            figures.forEach(
                (figure, row) ->
                    table.append(
                        line(
                            process,
                            figure.words(),
                            text(row.begin),
                            text(row.second()),
                            text(row.last()),
                            text(row.end)))));
    return table.toString();
  }

  private static String line(String... cells) {
    return "soak: %-12s %-26s %12s %16s %14s %12s%n".formatted((Object[]) cells);
  }

  private static String text(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return value == Math.rint(value)
        ? "%d".formatted((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private Row find(String process, Figure figure) {
    return rows.getOrDefault(process, Map.of()).getOrDefault(figure, new Row());
  }

  private Row row(String process, Figure figure) {
    return rows.computeIfAbsent(process, none -> new TreeMap<>())
        .computeIfAbsent(figure, none -> new Row());
  }
}
