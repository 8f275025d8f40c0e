package io.vl3.cli.demo;

import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.demo.DemoPlan.Domain;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of the children's spans to the receiver that the user named. The nodes of a demonstration
 * have networks of their own, in which no receiver is: each gets a port that leads to it.
 */
final class TraceRelay implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 1_000;

  /** What the children take before anything else that says where spans go. */
  private static final String VARIABLE = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

  private final TracingConfig config;
  private final List<PortInto> ports = new ArrayList<>();

  /** A way as this process's environment asks for it; none, if spans are not recorded. */
  TraceRelay(TracingConfig config) {
    this.config = config;
  }

  /**
   * Opens a port in each node. Of a receiver that has no address nothing is opened.
   *
   * @throws IOException if a node's port is somebody's
   */
  void open(DemoPlan plan) throws IOException {
    InetSocketAddress receiver = receiver();
    if (!config.on() || receiver.isUnresolved()) {
      return;
    }
    for (Domain domain : plan.domains()) {
      ports.add(PortInto.open(domain.node(), receiver.getPort(), receiver));
    }
  }

  /** What the children are told; they ask the receiver's certificate for the name that it has. */
  Map<String, String> environment() {
    return config.on() && !isSecure()
        ? Map.of(VARIABLE, "http://localhost:" + config.endpoint().getPort())
        : Map.of();
  }

  private boolean isSecure() {
    return config.endpoint().getScheme().equals("https");
  }

  /** Why no span will arrive, as far as it is known before; empty if nothing is in the way. */
  Optional<String> trouble() {
    if (!config.on()) {
      return Optional.empty();
    }
    InetSocketAddress receiver = receiver();
    if (receiver.isUnresolved()) {
      return lost("no such host");
    }
    if (isSecure() && !receiver.getAddress().isLoopbackAddress()) {
      return lost("reached by a port of the nodes' loopback, so https has to be at localhost");
    }
    try (Socket socket = new Socket()) {
      socket.connect(receiver, PATIENCE_MILLIS);
      return Optional.empty();
    } catch (IOException away) {
      return lost(away.getMessage() + " (an ordinary user's demo reaches no receiver)");
    }
  }

  private Optional<String> lost(String why) {
    return Optional.of("traces: %s: spans are lost: %s".formatted(config.endpoint(), why));
  }

  private InetSocketAddress receiver() {
    return new InetSocketAddress(config.endpoint().getHost(), config.endpoint().getPort());
  }

  @Override
  public void close() throws IOException {
    for (PortInto port : ports) {
      port.close();
    }
    ports.clear();
  }
}
