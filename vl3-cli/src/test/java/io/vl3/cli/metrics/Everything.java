package io.vl3.cli.metrics;

import io.vl3.admin.Observed;
import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import io.vl3.ipam.PoolStatus;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.Counters;
import io.vl3.links.InstalledLinks.Interface;
import io.vl3.links.LinksStatus;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.mesh.Dialler;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.DomainStatus;
import io.vl3.status.ConnectionStatus;
import io.vl3.status.ManagerStatus;
import io.vl3.status.NseStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that has something of everything that is shown. */
final class Everything {

  static final NseStatus STATUS =
      NseStatus.builder("nse-a", "vl3")
          .connections(3, 1)
          .pools(List.of(new PoolStatus(IpPrefix.parse("10.60.0.0/24"), 256, 9, 1, 2)))
          .bindings(2)
          .journalTrouble(Optional.of("no space left"))
          .domains(
              List.of(
                  new DomainStatus("", true),
                  new DomainStatus("far:5001", true),
                  new DomainStatus("127.0.0.1:9", false)))
          .peers(List.of(peer("nse-b", PeerState.UP, 0), peer("nse-c", PeerState.BACKING_OFF, 7)))
          .overlaps(
              List.of(
                  new PrefixOverlap(
                      "nse-a",
                      IpPrefix.parse("10.60.0.0/24"),
                      "nse-c",
                      IpPrefix.parse("10.60.0.0/25"),
                      true)))
          .links(Optional.of(new LinksStatus(true, 5, 1)))
          .build();

  private Everything() {}

  /** The process, with an NSE that the caller may change. */
  static Observed in(NsmRuntime runtime, StubNse nse) {
    measure(runtime.reporter().of("nse-a").meter());
    nse.links(List.of(connection("vl3-abc")), installed("vl3-abc", "eth0"));
    return Observed.of("run", "", Instant.EPOCH, runtime.board())
        .withNses(() -> List.of(nse))
        .withManager(() -> Optional.of(new ManagerStatus("nsm", List.of(), 3, 4)));
  }

  private static void measure(Meter meter) {
    for (Measure measure : Measure.values()) {
      String[] values = measure.labels().toArray(String[]::new);
      if (measure.kind() == Measure.Kind.COUNT) {
        meter.counter(measure, values).add();
      } else {
        meter.times(measure, values).add(1);
      }
    }
  }

  static ConnectionStatus connection(String link) {
    Connection made =
        Connection.to("vl3")
            .withMechanism(
                new Mechanism(Mechanism.LOCAL, Mechanism.KERNEL, Map.of(Mechanism.NAME, link)));
    return ConnectionStatus.peer("nse-b", true, Optional.of(Duration.ofMillis(2)), made);
  }

  static InstalledLinks installed(String... links) {
    return new InstalledLinks(
        List.of(links).stream()
            .map(name -> new Interface(name, true, 1500, List.of(), new Counters(1, 2, 3, 4, 5, 6)))
            .toList(),
        List.of());
  }

  private static PeerStatus peer(String name, PeerState state, int failures) {
    return new PeerStatus(
        name, state, Instant.EPOCH, Optional.empty(), failures, List.of(), Dialler.US);
  }
}
