package io.vl3.cli.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vl3.admin.Observed;
import io.vl3.cli.Version;
import io.vl3.cli.probe.Readiness;
import io.vl3.health.HealthCode;
import io.vl3.health.HealthItem;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import java.util.ArrayList;
import java.util.List;

/** The figures that are read anew for each scrape: what is gone shows no more. */
final class FigureCollector implements MultiCollector {

  private final Observed process;

  FigureCollector(Observed process) {
    this.process = process;
  }

  @Override
  public MetricSnapshots collect() {
    Samples samples = new Samples();
    samples.add(Figure.BUILD, 1, Version.text(), Version.commit());
    samples.add(Figure.EVENTS, (double) process.board().happened());
    process
        .manager()
        .get()
        .ifPresent(
            manager -> {
              samples.add(Figure.MANAGER_ENDPOINTS, manager.endpoints());
              samples.add(Figure.MANAGER_CONNECTIONS, manager.connections());
            });
    List<HealthItem> lasting = process.board().items();
    addTroubles("", lasting, samples);
    process.nses().get().forEach(nse -> add(nse, lasting, samples));
    return samples.snapshots();
  }

  private static void add(NseView nse, List<HealthItem> lasting, Samples samples) {
    NseStatus status = nse.status();
    new NseSamples(status, samples).add();
    samples.add(Figure.REGISTERED, Readiness.isRegistered(status, lasting), status.name());
    new LinkSamples(nse, status.name(), samples).add();
    List<HealthItem> all = new ArrayList<>(lasting);
    all.addAll(status.troubles());
    addTroubles(status.name(), all, samples);
  }

  /** None is shown too, so that a rule sees the difference between none and nobody who tells. */
  private static void addTroubles(String component, List<HealthItem> items, Samples samples) {
    for (HealthCode code : HealthCode.values()) {
      long lasting =
          items.stream()
              .filter(item -> item.code() == code && item.component().equals(component))
              .count();
      samples.add(Figure.TROUBLES, (double) lasting, component, code.text());
    }
  }
}
