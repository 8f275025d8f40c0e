package io.vl3.admin;

import com.google.protobuf.Timestamp;
import io.vl3.api.admin.v1.DataPlane;
import io.vl3.api.admin.v1.Domain;
import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.HealthItem;
import io.vl3.api.admin.v1.Manager;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Peer;
import io.vl3.api.admin.v1.Pool;
import io.vl3.api.admin.v1.Process;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Workload;
import io.vl3.connection.Connection;
import io.vl3.links.LinksStatus;
import io.vl3.mesh.PeerStatus;
import io.vl3.net.InterfaceAddress;
import io.vl3.status.ManagerStatus;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import io.vl3.status.WorkloadView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns what is observed into the records of the admin service. */
final class StatusRecords {

  /** Of {@code ProcessStatus} and {@code Event}. */
  static final int VERSION = 1;

  private StatusRecords() {}

  static ProcessStatus status(Observed observed) {
    List<io.vl3.health.HealthItem> health = new ArrayList<>(observed.board().items());
    List<Shown> nses = observed.nses().get().stream().map(Shown::of).toList();
    nses.forEach(nse -> health.addAll(nse.status().troubles()));
    ProcessStatus.Builder all =
        ProcessStatus.newBuilder()
            .setVersion(VERSION)
            .setProcess(
                Process.newBuilder()
                    .setPid((int) ProcessHandle.current().pid())
                    .setCommand(observed.command())
                    .setVl3Version(observed.version())
                    .setStarted(time(observed.started())));
    nses.forEach(nse -> all.addNses(nse(nse, health)));
    observed.workloads().get().forEach(each -> all.addWorkloads(workload(each.status())));
    observed.manager().get().ifPresent(manager -> all.setManager(manager(manager)));
    health.forEach(item -> all.addHealth(item(item)));
    return all.build();
  }

  static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Event event(io.vl3.health.Event event) {
    return Event.newBuilder()
        .setVersion(VERSION)
        .setNumber((int) event.number())
        .setAt(time(event.at()))
        .setKind(event.kind().text())
        .setComponent(event.component())
        .setSubject(event.subject())
        .setText(event.text())
        .build();
  }

  /** An enum's constant as the records have it. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** An NSE and where its links are, as of about one moment. */
  private record Shown(NseStatus status, String namespace) {

    static Shown of(NseView nse) {
      return new Shown(nse.status(), nse.namespace().map(Path::toString).orElse(""));
    }
  }

  private static Nse nse(Shown shown, List<io.vl3.health.HealthItem> health) {
    NseStatus status = shown.status();
    Nse.Builder nse =
        Nse.newBuilder()
            .setName(status.name())
            .setService(status.service())
            .setNamespace(shown.namespace())
            .setState(state(status, health))
            .setNoPrefix(status.noPrefix().orElse(""))
            .setWorkloads(status.workloads())
            .setBindings(status.bindings());
    status.started().ifPresent(since -> nse.setSince(time(since)));
    status.registered().ifPresent(since -> nse.setRegistered(time(since)));
    status.network().forEach(prefix -> nse.addNetwork(prefix.toString()));
    status.pools().forEach(pool -> nse.addPools(pool(pool)));
    status
        .domains()
        .forEach(
            domain ->
                nse.addDomains(Domain.newBuilder().setName(domain.domain()).setUp(domain.up())));
    status.peers().forEach(peer -> nse.addPeers(peer(peer)));
    status.links().ifPresent(links -> nse.setDataPlane(dataPlane(links)));
    return nse.build();
  }

  private static String state(NseStatus status, List<io.vl3.health.HealthItem> health) {
    if (status.started().isEmpty()) {
      return "starting";
    }
    if (status.registered().isEmpty()) {
      return "registering";
    }
    return health.stream().anyMatch(item -> item.component().equals(status.name()))
        ? "degraded"
        : "up";
  }

  private static Pool pool(io.vl3.ipam.PoolStatus pool) {
    return Pool.newBuilder()
        .setPrefix(pool.prefix().toString())
        .setAddresses(pool.addresses())
        .setTaken(pool.taken())
        .setExcluded(pool.excluded())
        .build();
  }

  private static Peer peer(PeerStatus peer) {
    Peer.Builder built =
        Peer.newBuilder()
            .setName(peer.peer())
            .setState(word(peer.state()))
            .setSince(time(peer.since()))
            .setLastError(peer.lastError().orElse(""))
            .setFailures(peer.failures())
            .setDialledBy(word(peer.dialler()));
    peer.prefixes().forEach(prefix -> built.addPrefixes(prefix.toString()));
    return built.build();
  }

  private static DataPlane dataPlane(LinksStatus links) {
    return DataPlane.newBuilder()
        .setUp(links.up())
        .setLinks(links.links())
        .setBroken(links.broken())
        .setKernel(links.kernel())
        .build();
  }

  private static Workload workload(WorkloadView.Status status) {
    Workload.Builder built =
        Workload.newBuilder()
            .setName(status.name())
            .setNamespace(status.namespace())
            .setInterface(status.interfaceName())
            .setService(status.service())
            .setState(status.connection().isPresent() ? "attached" : "waiting");
    status.since().ifPresent(since -> built.setSince(time(since)));
    status.connection().ifPresent(connection -> attached(built, connection));
    return built.build();
  }

  private static void attached(Workload.Builder built, Connection connection) {
    built
        .setEndpoint(connection.endpointName())
        .setConnectionId(connection.path().segment(0).map(first -> first.id()).orElse(""))
        .addAllAddresses(texts(connection.ip().clientAddresses()))
        .addAllEndpointAddresses(texts(connection.ip().endpointAddresses()));
  }

  static List<String> texts(List<InterfaceAddress> addresses) {
    return addresses.stream().map(InterfaceAddress::toString).toList();
  }

  private static Manager manager(ManagerStatus manager) {
    return Manager.newBuilder()
        .setName(manager.name())
        .addAllUrls(manager.urls())
        .setEndpoints(manager.endpoints())
        .setConnections(manager.connections())
        .build();
  }

  private static HealthItem item(io.vl3.health.HealthItem item) {
    HealthItem.Builder built =
        HealthItem.newBuilder()
            .setCode(item.code().text())
            .setSeverity(word(item.code().severity()))
            .setComponent(item.component())
            .setSubject(item.subject())
            .setText(item.text())
            .setRemedy(item.code().remedy());
    item.since().ifPresent(since -> built.setSince(time(since)));
    return built.build();
  }
}
