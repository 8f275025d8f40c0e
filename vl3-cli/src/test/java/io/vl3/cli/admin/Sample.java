package io.vl3.cli.admin;

import com.google.protobuf.TextFormat;
import com.google.protobuf.Timestamp;
import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of two NSEs, web and db: web's is nse-1, db's is nse-2, and each NSE and each client is
 * a process.
 */
final class Sample {

  static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

  final List<Route> routes =
      new ArrayList<>(
          List.of(
              route("web", "10.60.1.0/30", "", "nsm0", "nse-1"),
              route("web", "10.60.0.0/16", "10.60.1.2", "nsm0", "nse-1"),
              route("nse-1", "10.60.1.0/30", "", "vl3-web", "web"),
              route("nse-1", "10.60.2.0/32", "", "vl3-peer2", "nse-2"),
              route("nse-1", "10.60.2.0/24", "10.60.2.0", "vl3-peer2", "nse-2"),
              route("nse-1", "10.60.1.0/24", "", "", ""),
              route("nse-2", "10.60.2.0/30", "", "vl3-db", "db"),
              route("nse-2", "10.60.1.0/24", "10.60.1.0", "vl3-peer1", "nse-1"),
              route("nse-2", "10.60.2.0/24", "", "", ""),
              route("db", "10.60.0.0/16", "10.60.2.2", "nsm0", "nse-2")));

  final List<Interface> interfaces =
      new ArrayList<>(
          List.of(
              link("web", "nsm0", "10.60.1.1/30", 405),
              link("nse-1", "vl3-web", "10.60.1.2/30", 390),
              link("nse-1", "vl3-peer2", "10.60.1.0/32", 152),
              link("nse-2", "vl3-peer1", "10.60.2.0/32", 151),
              link("nse-2", "vl3-db", "10.60.2.2/30", 379),
              link("db", "nsm0", "10.60.2.1/30", 380)));

  final List<Connection> connections =
      new ArrayList<>(
          List.of(
              connection("nse-1", "workload", "web", "vl3-web", "10.60.1.1/30", "web-1"),
              connection("nse-1", "peer", "nse-2", "vl3-peer2", "10.60.2.0/32", "p"),
              connection("nse-2", "dialled", "nse-1", "vl3-peer1", "10.60.2.0/32", "p"),
              connection("nse-2", "workload", "db", "vl3-db", "10.60.2.1/30", "db-1")));

  /** Everything in one process. */
  List<Member> members() {
    return List.of(new Member(status(""), connections, routes, interfaces));
  }

  /** Both NSEs, both workloads, and what else the process says, as text of a message. */
  static ProcessStatus status(String more) {
    return message(
        """
        version: 1
        process { pid: 7 command: "run" vl3_version: "0.1.0" started { seconds: %1$d } }
        nses { name: "nse-1" service: "vl3" state: "up" since { seconds: %1$d }
          network: "10.60.0.0/16"
          pools { prefix: "10.60.1.0/24" addresses: 256 taken: 4 }
          workloads: 1 bindings: 1 domains { up: true }
          peers { name: "nse-2" state: "up" since { seconds: %1$d } prefixes: "10.60.2.0/24" dialled_by: "peer" } }
        nses { name: "nse-2" service: "vl3" state: "up" since { seconds: %1$d }
          network: "10.60.0.0/16"
          pools { prefix: "10.60.2.0/24" addresses: 256 taken: 4 }
          workloads: 1 bindings: 1 domains { up: true }
          peers { name: "nse-1" state: "up" since { seconds: %1$d } prefixes: "10.60.1.0/24" dialled_by: "us" } }
        workloads { name: "web" namespace: "/run/netns/web" interface: "nsm0" service: "vl3" state: "attached"
          since { seconds: %1$d } endpoint: "nse-1" addresses: "10.60.1.1/30" endpoint_addresses: "10.60.1.2/30"
          connection_id: "web-1" }
        workloads { name: "db" namespace: "/run/netns/db" interface: "nsm0" service: "vl3" state: "attached"
          since { seconds: %1$d } endpoint: "nse-2" addresses: "10.60.2.1/30" endpoint_addresses: "10.60.2.2/30"
          connection_id: "db-1" }
        """
                .formatted(NOW.getEpochSecond() - 250)
            + more);
  }

  static ProcessStatus message(String text) {
    try {
      return TextFormat.parse(text, ProcessStatus.class);
    } catch (TextFormat.ParseException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  static Timestamp ago(long seconds) {
    return Timestamp.newBuilder().setSeconds(NOW.getEpochSecond() - seconds).build();
  }

  static Route route(String at, String destination, String gateway, String by, String to) {
    return Route.newBuilder()
        .setComponent(at)
        .setDestination(destination)
        .setGateway(gateway)
        .setInterface(by)
        .setState("installed")
        .setTo(to)
        .build();
  }

  private static Interface link(String at, String name, String address, double packets) {
    return Interface.newBuilder()
        .setComponent(at)
        .setName(name)
        .setUp(true)
        .setMtuBytes(1500)
        .addAddresses(address)
        .setPacketsOut(packets)
        .build();
  }

  private static Connection connection(
      String nse, String kind, String other, String by, String address, String firstId) {
    return Connection.newBuilder()
        .setNse(nse)
        .setId(nse + "-" + other)
        .setKind(kind)
        .setOther(other)
        .setService("vl3")
        .setEndpoint(kind.equals("dialled") ? other : nse)
        .setMechanism("KERNEL")
        .setInterface(by)
        .addClientAddresses(address)
        .addEndpointAddresses("10.60.1.0/32")
        .setMtuBytes(1450)
        .setState("up")
        .setFirstId(firstId)
        .build();
  }
}
