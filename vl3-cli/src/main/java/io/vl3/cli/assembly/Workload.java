package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import io.vl3.linux.Netns;
import io.vl3.linux.links.NamespaceLinks;
import io.vl3.status.WorkloadView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A workload's namespace that is attached, or is to be. Thread-safe. */
final class Workload implements WorkloadView {

  private final Netns netns;
  private final String name;
  private final Clients.Wanted wanted;
  private final InstantSource clock;
  private volatile Optional<EndpointRunner> runner = Optional.empty();
  private Optional<Instant> since = Optional.empty();

  Workload(Netns netns, String name, Clients.Wanted wanted, InstantSource clock) {
    this.netns = netns;
    this.name = name;
    this.wanted = wanted;
    this.clock = clock;
  }

  Netns netns() {
    return netns;
  }

  String name() {
    return name;
  }

  /** The runner whose connection it is. */
  void runs(EndpointRunner value) {
    runner = Optional.of(value);
  }

  /** Notes that it is attached; answers whether for the first time. */
  synchronized boolean attached() {
    boolean first = since.isEmpty();
    if (first) {
      since = Optional.of(clock.instant());
    }
    return first;
  }

  /** Closes its connection. */
  CompletableFuture<?> end(String why) {
    return runner
        .map(running -> running.closeAll(why).toCompletableFuture())
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Leaves its connection, with its link, to the next run of the program. */
  void leave(String why) {
    runner.ifPresent(running -> running.abandon(why));
  }

  @Override
  public synchronized Status status() {
    Optional<Connection> connection =
        runner.flatMap(running -> running.connections().stream().findFirst());
    return new Status(
        name,
        netns.path().toString(),
        wanted.interfaceName(),
        wanted.service(),
        connection,
        connection.flatMap(made -> since));
  }

  @Override
  public InstalledLinks installed() throws EndpointException {
    return NamespaceLinks.of(netns);
  }
}
