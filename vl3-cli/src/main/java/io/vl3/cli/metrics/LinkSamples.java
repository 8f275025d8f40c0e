package io.vl3.cli.metrics;

import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.Counters;
import io.vl3.links.InstalledLinks.Interface;
import io.vl3.status.ConnectionStatus;
import io.vl3.status.ConnectionStatus.Kind;
import io.vl3.status.NseView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The figures of one NSE's links, one by one: those of now, and of not too many. */
record LinkSamples(NseView nse, String name, Samples samples) {

  /** Links that are shown one by one. */
  static final int MOST = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(LinkSamples.class);
  private static final double NANOS = 1e9;

  void add() {
    Map<String, ConnectionStatus> connections = new HashMap<>();
    nse.connections().forEach(each -> connections.put(each.interfaceName(), each));
    List<Interface> links =
        installed().stream().filter(one -> connections.containsKey(one.name())).toList();
    for (Interface link : links.subList(0, Math.min(MOST, links.size()))) {
      ConnectionStatus connection = connections.get(link.name());
      if (connection != null) {
        add(link, connection);
      }
    }
    samples.add(Figure.LINKS_NOT_SHOWN, Math.max(0, links.size() - MOST), name);
  }

  private void add(Interface link, ConnectionStatus connection) {
    String kind = connection.kind() == Kind.WORKLOAD ? "workload" : "peer";
    String other = connection.other();
    samples.add(Figure.LINK_UP, link.up(), name, link.name(), kind, other);
    connection
        .roundTrip()
        .ifPresent(
            took ->
                samples.add(
                    Figure.LINK_ROUND_TRIP,
                    took.toNanos() / NANOS,
                    name,
                    link.name(),
                    kind,
                    other));
    Counters counters = link.counters();
    add(Figure.LINK_PACKETS, counters.packetsIn(), counters.packetsOut(), link, kind, other);
    add(Figure.LINK_BYTES, counters.bytesIn(), counters.bytesOut(), link, kind, other);
    add(Figure.LINK_DROPS, counters.droppedIn(), counters.droppedOut(), link, kind, other);
  }

  private void add(Figure figure, long in, long out, Interface link, String kind, String to) {
    samples.add(figure, (double) in, name, link.name(), kind, to, "in");
    samples.add(figure, (double) out, name, link.name(), kind, to, "out");
  }

  private List<Interface> installed() {
    try {
      return nse.installed().map(InstalledLinks::interfaces).orElse(List.of());
    } catch (EndpointException silent) {
      LOG.debug("{}: its links are not shown: {}", name, silent.getMessage());
      return List.of();
    }
  }
}
