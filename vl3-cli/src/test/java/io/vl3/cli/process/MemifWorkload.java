package io.vl3.cli.process;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.nsm.NsmClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A workload in a VPP: it attaches with MEMIF, and shows its address in a routing table of its own,
 * so that nothing reaches the workloads beside it but by way of its endpoint.
 */
final class MemifWorkload {

  private final RealVpp vpp;
  private final NsmClient client;
  private final String name;
  private final String endpoint;
  private final int table;
  private String made = "";

  /**
   * A workload that is not attached yet.
   *
   * @param endpoint the endpoint that it is to be attached to
   * @param table its number among the workloads of its VPP, from 1
   */
  MemifWorkload(RealVpp vpp, NsmClient client, String name, String endpoint, int table) {
    this.vpp = vpp;
    this.client = client;
    this.name = name;
    this.endpoint = endpoint;
    this.table = table;
  }

  /** Asks for its connection, and makes its end of the link. */
  MemifWorkload attach() throws EndpointException {
    client.request(
        ConnectionRequest.of(
            Connection.to("vpp-pair")
                .withEndpointName(endpoint)
                .withLabels(Map.of("podName", name))));
    sync();
    return this;
  }

  /** The name of its endpoint. */
  String endpoint() {
    return endpoint;
  }

  /** Its address. */
  IpAddress address() {
    return connection().ip().clientAddresses().get(0).address();
  }

  /** The socket of its link. */
  String socket() {
    return connection().mechanism().orElseThrow().parameter(Mechanism.SOCKET_FILE).orElseThrow();
  }

  /** Makes its end anew if heal has moved it. */
  void sync() {
    Connection connection = connection();
    String wanted = address() + " " + socket();
    if (wanted.equals(made)) {
      return;
    }
    String face = "memif%d/0".formatted(table);
    vpp.cli("delete interface memif " + face);
    InterfaceAddress router = connection.ip().endpointAddresses().get(0);
    List.of(
            "delete memif socket id " + table,
            "create memif socket id %d filename %s".formatted(table, socket()),
            "create interface memif id 0 socket-id %d slave mode ip".formatted(table),
            "ip table add " + table,
            "set interface ip table %s %d".formatted(face, table),
            "set interface ip address %s %s/32".formatted(face, address()),
            "set interface state %s up".formatted(face),
            "ip route add %s/32 table %d via %s".formatted(router.address(), table, face),
            "ip route add 10.60.0.0/16 table %d via %s %s".formatted(table, router.address(), face))
        .forEach(vpp::cli);
    made = wanted;
  }

  /** Whether another answers. */
  boolean reaches(MemifWorkload other) {
    return vpp.cli("ping %s table-id %d repeat 1 interval 0.3".formatted(other.address(), table))
        .contains(" 1 received");
  }

  @Override
  public String toString() {
    return name;
  }

  private Connection connection() {
    return Objects.requireNonNull(client.connections().stream().findFirst().orElse(null), name);
  }
}
