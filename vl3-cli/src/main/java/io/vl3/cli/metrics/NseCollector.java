package io.vl3.cli.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vl3.internal.log.Printable;
import io.vl3.links.LinksStatus;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.registry.DomainStatus;
import io.vl3.status.NseStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Turns the NSEs' figures into gauges, anew for each scrape: what is gone shows no more. */
final class NseCollector implements MultiCollector {

  private static final Map<String, String> GAUGES = new LinkedHashMap<>();

  static {
    GAUGES.put("vl3_connections", "Connections served, workloads' and peers'.");
    GAUGES.put("vl3_bindings", "Workloads that addresses are kept for.");
    GAUGES.put("vl3_journal_failing", "1 while the journal cannot be written.");
    GAUGES.put("vl3_registry_up", "Whether the endpoint's own registry shows peers.");
    GAUGES.put("vl3_domain_up", "Whether a remote domain's registry shows peers.");
    GAUGES.put("vl3_peers", "Peers by state of their link.");
    GAUGES.put("vl3_peer_up", "Whether packets can pass to the peer.");
    GAUGES.put("vl3_peer_failures", "Dials of the peer that failed in a row.");
    GAUGES.put("vl3_prefix_overlap", "1 per peer whose prefix overlaps the endpoint's own.");
    GAUGES.put("vl3_agent_up", "Whether the vpp-agent answers.");
    GAUGES.put("vl3_agent_links", "Links that VPP shall have.");
    GAUGES.put("vl3_agent_links_broken", "Links that VPP shall have and has not.");
  }

  private final Supplier<List<NseStatus>> nses;

  NseCollector(Supplier<List<NseStatus>> nses) {
    this.nses = nses;
  }

  @Override
  public MetricSnapshots collect() {
    Map<String, List<GaugeDataPointSnapshot>> points = new LinkedHashMap<>();
    nses.get().forEach(nse -> new Points(nse, points).add());
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    GAUGES.forEach(
        (name, help) -> {
          GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
          points.getOrDefault(name, List.of()).forEach(gauge::dataPoint);
          all.metricSnapshot(gauge.build());
        });
    return all.build();
  }

  /** The data points of one NSE, by metric. */
  private record Points(NseStatus nse, Map<String, List<GaugeDataPointSnapshot>> points) {

    void add() {
      add("vl3_connections", nse.connections(), Labels.of("service", nse.service()));
      add("vl3_bindings", nse.bindings(), Labels.of("service", nse.service()));
      add("vl3_journal_failing", nse.journalFailing() ? 1 : 0, Labels.EMPTY);
      nse.domains().forEach(this::add);
      for (PeerState state : PeerState.values()) {
        int inIt = (int) nse.peers().stream().filter(peer -> peer.state() == state).count();
        add("vl3_peers", inIt, Labels.of("state", state.name().toLowerCase(Locale.ROOT)));
      }
      nse.peers().forEach(this::add);
      nse.overlaps().forEach(this::add);
      nse.links().ifPresent(this::add);
    }

    private void add(DomainStatus domain) {
      if (domain.domain().isEmpty()) {
        add("vl3_registry_up", domain.up() ? 1 : 0, Labels.EMPTY);
      } else {
        add("vl3_domain_up", domain.up() ? 1 : 0, Labels.of("domain", domain.domain()));
      }
    }

    private void add(PeerStatus peer) {
      Labels labels = Labels.of("peer", Printable.of(peer.peer()));
      add("vl3_peer_up", peer.state() == PeerState.UP ? 1 : 0, labels);
      add("vl3_peer_failures", peer.failures(), labels);
    }

    private void add(PrefixOverlap overlap) {
      add(
          "vl3_prefix_overlap",
          1,
          Labels.of(
              "prefix",
              overlap.own().toString(),
              "peer",
              Printable.of(overlap.peer()),
              "peer_prefix",
              overlap.theirs().toString(),
              "gives_way",
              Printable.of(overlap.givesWay() ? overlap.self() : overlap.peer())));
    }

    private void add(LinksStatus links) {
      add("vl3_agent_up", links.up() ? 1 : 0, Labels.EMPTY);
      add("vl3_agent_links", links.links(), Labels.EMPTY);
      add("vl3_agent_links_broken", links.broken(), Labels.EMPTY);
    }

    private void add(String metric, double value, Labels labels) {
      points
          .computeIfAbsent(metric, none -> new ArrayList<>())
          .add(
              GaugeDataPointSnapshot.builder()
                  .value(value)
                  .labels(Labels.of("nse", nse.name()).merge(labels))
                  .build());
    }
  }
}
