package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.links.InstalledLinks;
import io.vl3.links.LinksStatus;
import io.vl3.links.NseLinks;
import io.vl3.links.SocketPlace;
import io.vl3.linux.links.KernelLinks;
import io.vl3.net.IpAddress;
import io.vl3.vpp.KernelWay;
import io.vl3.vpp.VppLinks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Links in a VPP, and kernel interfaces in a namespace that routes to it. What refuses the own
 * prefixes' unused addresses is VPP, which has no route to them.
 */
final class VppWithKernel implements NseLinks {

  private final VppLinks vpp;
  private final KernelLinks kernel;
  private final KernelWay way;

  VppWithKernel(VppLinks vpp, KernelLinks kernel, KernelWay way) {
    this.way = way;
    this.vpp = vpp;
    this.kernel = kernel;
  }

  @Override
  public List<Endpoint> programming() {
    return vpp.programming();
  }

  @Override
  public Endpoint offering() {
    return vpp.offering();
  }

  @Override
  public List<Endpoint> asking() {
    return vpp.asking();
  }

  @Override
  public Optional<LivenessProbe> probe(Duration timeout) {
    LivenessProbe memif = vpp.probe(timeout).orElse(LivenessProbe.NONE);
    return kernel.probe(timeout).map(ping -> new ByMechanism(memif, ping));
  }

  @Override
  public Optional<SocketPlace> place() {
    return kernel.place();
  }

  @Override
  public Optional<Path> namespace() {
    return kernel.namespace();
  }

  @Override
  public Optional<LinksStatus> status() {
    return vpp.status();
  }

  @Override
  public String interfaceName(Connection connection) {
    return vpp.interfaceName(connection);
  }

  /** A route from VPP to the namespace ends where the namespace sends the packets. */
  @Override
  public Optional<InstalledLinks> installed() throws EndpointException {
    Optional<InstalledLinks> inVpp = vpp.installed();
    Optional<InstalledLinks> inKernel = kernel.installed();
    return inVpp.flatMap(one -> inKernel.map(other -> BothInstalled.of(one, other, way)));
  }

  @Override
  public void reportTo(Reporter reporter) {
    kernel.reportTo(reporter);
    vpp.reportTo(reporter);
  }

  @Override
  public void start() throws EndpointException {
    kernel.start();
    vpp.start();
  }

  @Override
  public void close() {
    try {
      vpp.close();
    } finally {
      kernel.close();
    }
  }

  /** A ping for a kernel interface; of a memif what VPP knows. */
  private record ByMechanism(LivenessProbe memif, LivenessProbe ping) implements LivenessProbe {

    @Override
    public boolean alive(Connection connection) {
      return of(connection).alive(connection);
    }

    @Override
    public boolean answers(Connection connection, IpAddress address) {
      return of(connection).answers(connection, address);
    }

    @Override
    public boolean isRoundTrip() {
      return false;
    }

    @Override
    public CompletionStage<Boolean> begin(Connection connection, Executor executor) {
      return of(connection).begin(connection, executor);
    }

    private LivenessProbe of(Connection connection) {
      return connection.mechanism().filter(is -> is.type().equals(Mechanism.KERNEL)).isPresent()
          ? ping
          : memif;
    }
  }
}
