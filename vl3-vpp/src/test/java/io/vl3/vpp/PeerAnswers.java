package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Map;

/** What the peer nse-b with prefix 10.60.7.0/24 says. */
final class PeerAnswers {

  private PeerAnswers() {}

  /** Its answer to our dial: it listens, shows its first address, and takes ours. */
  static Connection answer(ConnectionRequest request) {
    return request
        .connection()
        .withMechanism(
            Mechanism.local(
                Mechanism.MEMIF,
                Map.of(
                    Mechanism.SOCKET_FILE, "@vl3/nse-b-0",
                    Mechanism.INODE_URL, "file:///proc/77/fd/9")))
        .withIp(
            context(
                List.of("10.60.232.0/32"),
                List.of("10.60.7.0/32"),
                List.of("10.60.7.0/32", "10.60.7.0/24")));
  }

  private static IpContext context(
      List<String> client, List<String> endpoint, List<String> clientRoutes) {
    return new IpContext(
        client.stream().map(InterfaceAddress::parse).toList(),
        endpoint.stream().map(InterfaceAddress::parse).toList(),
        clientRoutes.stream().map(IpPrefix::parse).map(Route::to).toList(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Its dial to us: it announces its prefix and its first address. */
  static Connection dial(Connection blank) {
    return blank
        .withLabels(Map.of("vl3Nse/nseSource/endpointName", "nse-b"))
        .withIp(
            new IpContext(
                List.of(InterfaceAddress.parse("10.60.7.0/32")),
                List.of(),
                List.of(),
                List.of(
                    Route.to(IpPrefix.parse("10.60.7.0/32")),
                    Route.to(IpPrefix.parse("10.60.7.0/24"))),
                List.of(),
                List.of(),
                List.of()));
  }
}
