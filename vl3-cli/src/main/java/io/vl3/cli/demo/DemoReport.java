package io.vl3.cli.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.vl3.cli.pairs.Pair;
import java.util.List;

/**
 * What the demonstration found, as its JSON shows it.
 *
 * @param version of this record's format
 * @param domains nodes
 * @param nses NSEs in each domain
 * @param workloads workloads in each domain
 * @param pairs ordered pairs of workloads
 * @param reachable those of them that answered with the right page
 * @param setupSeconds from the start until every pair answered, or until the wait was given up
 * @param results one entry per ordered pair
 */
@JsonPropertyOrder({
  "version",
  "domains",
  "nses",
  "workloads",
  "pairs",
  "reachable",
  "setupSeconds",
  "results"
})
record DemoReport(
    int version,
    int domains,
    int nses,
    int workloads,
    int pairs,
    int reachable,
    double setupSeconds,
    List<Pair> results) {

  static DemoReport of(DemoSize size, double setupSeconds, List<Pair> results) {
    return new DemoReport(
        1,
        size.domains(),
        size.nses(),
        size.workloads(),
        size.pairs(),
        Math.toIntExact(results.stream().filter(Pair::ok).count()),
        Math.round(setupSeconds * 100) / 100.0,
        List.copyOf(results));
  }

  boolean allAnswer() {
    return reachable == pairs;
  }
}
