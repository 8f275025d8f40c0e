package io.vl3.cli.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vl3.admin.Observed;
import io.vl3.measure.Measure;
import io.vl3.measure.Series;
import io.vl3.measure.Series.Counted;

/**
 * The original's figures under its names, which have no labels: those of all NSEs of the process
 * together. Workloads are counted whether they are registered by name or not; the original counts
 * only those that are.
 */
final class OriginalCollector implements MultiCollector {

  private static final String PREFIX = "nse_vl3_";
  private static final String PEER = "peer";

  private final Observed process;

  OriginalCollector(Observed process) {
    this.process = process;
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.builder()
        .metricSnapshot(
            counter(
                "received_conn_requests",
                "Requests for connections that came from vL3 NSEs.",
                Measure.REQUESTS,
                PEER))
        .metricSnapshot(
            counter(
                "performed_conn_requests",
                "Requests for connections that went to vL3 NSEs.",
                Measure.DIALS,
                ""))
        .metricSnapshot(
            counter(
                "failed_network_service_find",
                "Searches for the network service's NSEs that failed.",
                Measure.FAILED_SEARCHES,
                ""))
        .metricSnapshot(workloads())
        .build();
  }

  private GaugeSnapshot workloads() {
    int all = process.nses().get().stream().mapToInt(nse -> nse.status().workloads()).sum();
    return GaugeSnapshot.builder()
        .name(PREFIX + "active_workload")
        .help("Workloads that are connected.")
        .dataPoint(GaugeDataPointSnapshot.builder().value(all).build())
        .build();
  }

  private CounterSnapshot counter(String name, String help, Measure measure, String kind) {
    double sum = 0;
    for (Series series : process.board().measurements().series()) {
      if (series instanceof Counted counted && isOf(counted, measure, kind)) {
        sum += (double) counted.counter().value();
      }
    }
    return CounterSnapshot.builder()
        .name(PREFIX + name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value(sum).build())
        .build();
  }

  /** Requests are told by kind, and by operation: closes do not count. */
  private static boolean isOf(Counted series, Measure measure, String kind) {
    return series.measure() == measure
        && (kind.isEmpty()
            || (series.values().get(0).equals(kind) && !series.values().get(1).equals("close")));
  }
}
