package io.vl3.nsm.interop;

import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.dns.NameTemplate;
import io.vl3.dns.NameWorkload;
import io.vl3.dns.PeerServers;
import io.vl3.endpoint.EndpointChain;
import io.vl3.links.SocketPlace;
import io.vl3.measure.Meter;
import io.vl3.mesh.ExchangeServers;
import io.vl3.mesh.Vl3Network;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.internal.NameServer;
import io.vl3.nameserver.internal.Zone;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.KnownPeers;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What an endpoint of ours has to do with names.
 *
 * @param templates how it names workloads; empty: it does not
 */
record OwnNames(NameTable table, PeerServers servers, List<NameTemplate> templates) {

  static OwnNames none() {
    return new OwnNames(new NameTable(), new PeerServers(), List.of());
  }

  static OwnNames by(String template) {
    return new OwnNames(new NameTable(), new PeerServers(), List.of(NameTemplate.parse(template)));
  }

  EndpointChain answering(Vl3Network network) {
    return templates.isEmpty()
        ? EndpointChain.part("no names")
        : EndpointChain.part(
            "names",
            ExchangeServers.answering(network, servers),
            new NameWorkload(templates, table, network::pools));
  }

  EndpointChain dialling(Vl3Network network, Supplier<KnownPeers> known) {
    return templates.isEmpty()
        ? EndpointChain.part("no names")
        : EndpointChain.part("names", ExchangeServers.dialling(network, servers, known));
  }

  /** Serves on any port of an address. */
  NameServer serve(NsmRuntime runtime, String pool, String address, int peerPort)
      throws IOException {
    Zone zone = new Zone(table, List.of(DnsName.parse("vl3")), () -> List.of(IpPrefix.parse(pool)));
    return NameServer.open(
        zone,
        servers,
        NameServerSettings.DEFAULT.withAddress(IpAddress.parse(address)).withPorts(0, peerPort),
        SocketPlace.HERE,
        runtime.executor(),
        runtime.timer(),
        runtime.random(),
        Meter.NONE);
  }
}
