package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.dataplane.PortForward;
import io.vl3.dataplane.PortForward.Transport;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The labels by which a workload asks for ports of the NAT address, as the original had them:
 * {@code nat-port-forward...=PORT}, UDP if the key holds {@code udp}, else TCP.
 */
final class PortForwardLabels {

  private static final String BEGIN = "nat-port-forward";

  private PortForwardLabels() {}

  /**
   * Reads the ports that a connection's labels ask for.
   *
   * @throws EndpointException INVALID naming the label, if its port is none, or the client has no
   *     IPv4 address
   */
  static List<PortForward> read(Connection connection) throws EndpointException {
    Optional<IpAddress> client =
        connection.ip().clientAddresses().stream()
            .map(InterfaceAddress::address)
            .filter(address -> address.family() == IpFamily.IPV4)
            .findFirst();
    Map<Transport, Set<Integer>> ports = new TreeMap<>();
    for (Map.Entry<String, String> label : new TreeMap<>(connection.labels()).entrySet()) {
      if (label.getKey().startsWith(BEGIN)) {
        int port = port(label.getKey(), label.getValue());
        if (client.isEmpty()) {
          throw invalid(label.getKey(), label.getValue(), "an IPv4 address to forward to");
        }
        ports.computeIfAbsent(transport(label.getKey()), none -> new TreeSet<>()).add(port);
      }
    }
    return ports.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(port -> new PortForward(entry.getKey(), port, client.orElseThrow())))
        .toList();
  }

  private static Transport transport(String key) {
    return key.toLowerCase(Locale.ROOT).contains("udp") ? Transport.UDP : Transport.TCP;
  }

  private static int port(String key, String value) throws EndpointException {
    if (value.matches("[1-9][0-9]{0,4}") && Integer.parseInt(value) <= 65535) {
      return Integer.parseInt(value);
    }
    throw invalid(key, value, "a port, 1..65535");
  }

  private static EndpointException invalid(String key, String value, String expected) {
    return new EndpointException(
        Reason.INVALID, "labels.%s: '%s' (expected: %s)".formatted(key, value, expected));
  }
}
