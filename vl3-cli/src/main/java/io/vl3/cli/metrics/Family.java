package io.vl3.cli.metrics;

import io.vl3.measure.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A metric as Prometheus sees it.
 *
 * @param name with what its type adds: {@code vl3_requests_total}
 * @param type as in the exposition
 * @param labels their names
 * @param help what it is, in a sentence
 */
record Family(String name, String type, List<String> labels, String help) {

  /** All of vl3's own. */
  static List<Family> all() {
    return Stream.concat(
            Stream.of(Figure.values()).map(Family::of), Stream.of(Measure.values()).map(Family::of))
        .toList();
  }

  private static Family of(Figure figure) {
    String end =
        switch (figure.type()) {
          case COUNTER -> "_total";
          case INFO -> "_info";
          default -> "";
        };
    return new Family(figure.base() + end, figure.type().text(), figure.labels(), figure.help());
  }

  private static Family of(Measure measure) {
    boolean counts = measure.kind() == Measure.Kind.COUNT;
    return new Family(
        base(measure) + (counts ? "_total" : ""),
        (counts ? Figure.Type.COUNTER : Figure.Type.HISTOGRAM).text(),
        labels(measure),
        measure.help());
  }

  /** The name without what its type adds. */
  static String base(Measure measure) {
    return "vl3_" + measure.text() + (measure.kind() == Measure.Kind.TIMES ? "_seconds" : "");
  }

  /** The component comes first. */
  static List<String> labels(Measure measure) {
    List<String> labels = new ArrayList<>();
    if (!measure.isOfProcess()) {
      labels.add("nse");
    }
    labels.addAll(measure.labels());
    return List.copyOf(labels);
  }
}
