package io.vl3.vpp.behaviour;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import java.util.List;

/** What scenarios configure. Names begin alike and addresses are RFC 2544's: nobody else's. */
final class Items {

  static final String NAME = "bhv-";

  private Items() {}

  static ConfigData all(ConfigData... parts) {
    ConfigData.Builder all = ConfigData.newBuilder();
    for (ConfigData part : parts) {
      all.mergeFrom(part);
    }
    return all.build();
  }

  static ConfigData memif(int number, String... addresses) {
    return of(memifBuilder(number, addresses));
  }

  static Interface.Builder memifBuilder(int number, String... addresses) {
    return Interface.newBuilder()
        .setName(NAME + number)
        .setType(Interface.Type.MEMIF)
        .setEnabled(true)
        .addAllIpAddresses(List.of(addresses))
        .setMemif(
            MemifLink.newBuilder()
                .setMaster(true)
                .setMode(MemifLink.MemifMode.IP)
                .setSocketFilename("/run/vpp/" + NAME + number + ".sock"));
  }

  static ConfigData unnumbered(int number, String with) {
    Interface.Builder memif = memifBuilder(number);
    memif.getUnnumberedBuilder().setInterfaceWithIp(NAME + with);
    return of(memif);
  }

  static ConfigData loopback(String name, String... addresses) {
    return of(
        Interface.newBuilder()
            .setName(NAME + name)
            .setType(Interface.Type.SOFTWARE_LOOPBACK)
            .setEnabled(true)
            .addAllIpAddresses(List.of(addresses)));
  }

  static ConfigData of(Interface.Builder builder) {
    return ConfigData.newBuilder().addInterfaces(builder).build();
  }

  static ConfigData route(String destination, String nextHop, int out) {
    return of(routeBuilder(destination, nextHop, out));
  }

  static Route.Builder routeBuilder(String destination, String nextHop, int out) {
    return Route.newBuilder()
        .setDstNetwork(destination)
        .setNextHopAddr(nextHop)
        .setOutgoingInterface(NAME + out);
  }

  static ConfigData of(Route.Builder builder) {
    return ConfigData.newBuilder().addRoutes(builder).build();
  }

  static ConfigData vrf(int id) {
    return ConfigData.newBuilder()
        .addVrfs(VrfTable.newBuilder().setId(id).setLabel(NAME + id))
        .build();
  }

  static ConfigData natGlobal() {
    return ConfigData.newBuilder()
        .setNat44Global(Nat44Global.newBuilder().setForwarding(true))
        .build();
  }

  static ConfigData natInside(int number) {
    return ConfigData.newBuilder()
        .addNat44Interfaces(Nat44Interface.newBuilder().setName(NAME + number).setNatInside(true))
        .build();
  }

  static ConfigData natPool(String address) {
    return ConfigData.newBuilder()
        .addNat44Pools(Nat44AddressPool.newBuilder().setName(NAME + "pool").setFirstIp(address))
        .build();
  }

  static ConfigData portForward(String label, String external, int port, String local) {
    return ConfigData.newBuilder()
        .addDnat44S(
            DNat44.newBuilder()
                .setLabel(NAME + label)
                .addStMappings(
                    DNat44.StaticMapping.newBuilder()
                        .setExternalIp(external)
                        .setExternalPort(port)
                        .addLocalIps(
                            DNat44.StaticMapping.LocalIP.newBuilder()
                                .setLocalIp(local)
                                .setLocalPort(80))))
        .build();
  }
}
