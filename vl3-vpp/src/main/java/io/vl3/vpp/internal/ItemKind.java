package io.vl3.vpp.internal;

import com.google.protobuf.Message;
import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import java.util.List;

/**
 * The kinds of objects that we configure, in the order of their dependencies, with the keys that
 * the agent knows them by (its models' name templates).
 */
public enum ItemKind {
  VRF_TABLE("vrf", "config/vpp/v2/vrf-table/", false),
  INTERFACE("interface", "config/vpp/v2/interfaces/", true),
  ROUTE("route", "config/vpp/v2/route/", true),
  NAT_GLOBAL("nat", "config/vpp/nat/v2/nat44-global", false),
  NAT_POOL("nat-pool", "config/vpp/nat/v2/nat44-pool/", false),
  NAT_INTERFACE("nat-interface", "config/vpp/nat/v2/nat44-interface/", true),
  DNAT("dnat", "config/vpp/nat/v2/dnat44/", true);

  private final String word;
  private final String prefix;
  private final boolean dumped;

  ItemKind(String word, String prefix, boolean dumped) {
    this.word = word;
    this.prefix = prefix;
    this.dumped = dumped;
  }

  /** Its name for people. */
  public String word() {
    return word;
  }

  /**
   * Whether a dump shows it, so that running and desired can be compared. Of the others (tables,
   * the NAT singleton, pools whose names VPP does not keep) only the configuration is seen.
   */
  public boolean dumped() {
    return dumped;
  }

  /** How its keys begin. */
  public String prefix() {
    return prefix;
  }

  /** The agent's model for it: module, version and type, of which its keys are made, too. */
  public String model() {
    String path = prefix.substring("config/".length());
    return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).replace('/', '.');
  }

  /** Whether it is a part of the translation of addresses. */
  public boolean isNat() {
    return switch (this) {
      case VRF_TABLE, INTERFACE, ROUTE -> false;
      case NAT_GLOBAL, NAT_POOL, NAT_INTERFACE, DNAT -> true;
    };
  }

  List<? extends Message> list(ConfigData config) {
    return switch (this) {
      case VRF_TABLE -> config.getVrfsList();
      case INTERFACE -> config.getInterfacesList();
      case ROUTE -> config.getRoutesList();
      case NAT_GLOBAL -> config.hasNat44Global() ? List.of(config.getNat44Global()) : List.of();
      case NAT_POOL -> config.getNat44PoolsList();
      case NAT_INTERFACE -> config.getNat44InterfacesList();
      case DNAT -> config.getDnat44SList();
    };
  }

  static void add(Message message, ConfigData.Builder config) {
    if (message instanceof VrfTable table) {
      config.addVrfs(table);
    } else if (message instanceof Interface face) {
      config.addInterfaces(face);
    } else if (message instanceof Route route) {
      config.addRoutes(route);
    } else if (message instanceof Nat44Global global) {
      config.setNat44Global(global);
    } else if (message instanceof Nat44AddressPool pool) {
      config.addNat44Pools(pool);
    } else if (message instanceof Nat44Interface face) {
      config.addNat44Interfaces(face);
    } else if (message instanceof DNat44 dnat) {
      config.addDnat44S(dnat);
    } else {
      throw new IllegalArgumentException(
          "message: %s (expected: one of our kinds)".formatted(message.getClass().getName()));
    }
  }
}
