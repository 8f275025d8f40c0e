package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.vpp.internal.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The agent's state as sorted lines, for people and golden texts. */
final class FakeStateText {

  private FakeStateText() {}

  static String of(List<Item> running, List<FakeScheduler.Value> values) {
    List<String> lines = new ArrayList<>();
    running.stream()
        .filter(item -> !item.name().startsWith("UNTAGGED"))
        .forEach(item -> lines.add(line(item)));
    for (FakeScheduler.Value value : values) {
      if (value.state() == FakeScheduler.State.PENDING) {
        lines.add("PENDING " + line(value.item()));
      } else if (value.state() == FakeScheduler.State.FAILED) {
        lines.add("FAILED " + line(value.item()) + ": " + value.error());
      }
    }
    return lines.stream().sorted().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static String line(Item item) {
    if (item.message() instanceof Interface face) {
      return face.hasMemif() ? memif(face) : loopback(face);
    } else if (item.message() instanceof Route route) {
      return "route %s%s"
          .formatted(item.name(), route.getVrfId() == 0 ? "" : " vrf " + route.getVrfId());
    } else if (item.message() instanceof VrfTable table) {
      return "vrf %d %s %s".formatted(table.getId(), table.getProtocol(), table.getLabel());
    } else if (item.message() instanceof Nat44AddressPool pool) {
      return "nat-pool %s vrf %d".formatted(pool.getFirstIp(), pool.getVrfId());
    } else if (item.message() instanceof Nat44Interface face) {
      return "nat-interface %s %s".formatted(face.getName(), face.getNatInside() ? "in" : "out");
    } else if (item.message() instanceof DNat44 dnat) {
      return dnat(dnat);
    }
    return item.toString();
  }

  private static String memif(Interface face) {
    MemifLink link = face.getMemif();
    return "memif %s %s %s%s socket %s ring %d rx %s queues %d/%d%s%s"
        .formatted(
            face.getName(),
            link.getMaster() ? "master" : "slave",
            link.getMode(),
            link.getId() == 0 ? "" : " id " + link.getId(),
            link.getSocketFilename(),
            link.getRingSize(),
            face.getRxModesList().stream().map(mode -> mode.getMode().name()).toList(),
            link.getRxQueues(),
            link.getTxQueues(),
            rest(face),
            face.getEnabled() ? " up" : " down");
  }

  private static String loopback(Interface face) {
    return "%s %s%s%s"
        .formatted(
            face.getType() == Interface.Type.SOFTWARE_LOOPBACK ? "loopback" : face.getType(),
            face.getName(),
            rest(face),
            face.getEnabled() ? " up" : " down");
  }

  private static String rest(Interface face) {
    StringBuilder text = new StringBuilder();
    if (face.getMtu() != 0) {
      text.append(" mtu ").append(face.getMtu());
    }
    if (face.getVrf() != 0) {
      text.append(" vrf ").append(face.getVrf());
    }
    if (face.hasUnnumbered()) {
      text.append(" unnumbered of ").append(face.getUnnumbered().getInterfaceWithIp());
    }
    if (face.getIpAddressesCount() > 0) {
      text.append(" addresses ").append(String.join(" ", face.getIpAddressesList()));
    }
    return text.toString();
  }

  private static String dnat(DNat44 dnat) {
    return "dnat %s %s"
        .formatted(
            dnat.getLabel(),
            dnat.getStMappingsList().stream()
                .map(
                    m ->
                        "%s %s:%d to %s:%d"
                            .formatted(
                                m.getProtocol(),
                                m.getExternalIp(),
                                m.getExternalPort(),
                                m.getLocalIps(0).getLocalIp(),
                                m.getLocalIps(0).getLocalPort()))
                .collect(Collectors.joining(", ")));
  }
}
