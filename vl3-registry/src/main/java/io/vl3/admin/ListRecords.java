package io.vl3.admin;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Name;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.links.InstalledLinks;
import io.vl3.net.IpAddress;
import io.vl3.status.ConnectionStatus;
import java.util.stream.Stream;

/** Turns the long lists of what is observed into the records of the admin service. */
final class ListRecords {

  private static final double NANOS = 1e9;

  private ListRecords() {}

  static Connection connection(String nse, ConnectionStatus status) {
    io.vl3.connection.Connection connection = status.connection();
    return Connection.newBuilder()
        .setNse(nse)
        .setId(connection.id().map(Object::toString).orElse(""))
        .setKind(StatusRecords.word(status.kind()))
        .setOther(status.other())
        .setService(connection.networkService())
        .setEndpoint(connection.endpointName())
        .setMechanism(connection.mechanism().map(io.vl3.connection.Mechanism::type).orElse(""))
        .setInterface(status.interfaceName())
        .addAllClientAddresses(StatusRecords.texts(connection.ip().clientAddresses()))
        .addAllEndpointAddresses(StatusRecords.texts(connection.ip().endpointAddresses()))
        .setMtuBytes(connection.context().mtuBytes())
        .setState(StatusRecords.word(connection.state()))
        .putAllLabels(connection.labels())
        .setFirstId(connection.path().segment(0).map(first -> first.id()).orElse(""))
        .setRoundTripSeconds(status.roundTrip().map(took -> took.toNanos() / NANOS).orElse(0.0))
        .build();
  }

  static Stream<Interface> interfaces(String component, InstalledLinks links) {
    return links.interfaces().stream().map(each -> shown(component, each));
  }

  private static Interface shown(String component, InstalledLinks.Interface each) {
    return Interface.newBuilder()
        .setComponent(component)
        .setName(each.name())
        .setUp(each.up())
        .setMtuBytes(each.mtuBytes())
        .addAllAddresses(StatusRecords.texts(each.addresses()))
        .setPacketsIn((double) each.counters().packetsIn())
        .setBytesIn((double) each.counters().bytesIn())
        .setDroppedIn((double) each.counters().droppedIn())
        .setPacketsOut((double) each.counters().packetsOut())
        .setBytesOut((double) each.counters().bytesOut())
        .setDroppedOut((double) each.counters().droppedOut())
        .build();
  }

  static Name name(String nse, NameTable.Named named) {
    return Name.newBuilder()
        .setNse(nse)
        .addAllNames(named.names().stream().map(DnsName::withoutDot).sorted().toList())
        .addAllAddresses(named.addresses().stream().map(IpAddress::toString).toList())
        .setConnectionId(named.owner().value())
        .build();
  }
}
