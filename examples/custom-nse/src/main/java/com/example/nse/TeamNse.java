package com.example.nse;

import io.vl3.links.NseLinks;
import io.vl3.net.IpPrefix;
import io.vl3.nse.NsmEdge;
import io.vl3.nse.Vl3Nse;
import io.vl3.nse.Vl3NseBuilder;
import io.vl3.nsm.NsmRuntime;

/** A vL3 NSE that serves only workloads with a team. */
public final class TeamNse {

  static final String SERVICE = "team-vl3";

  private static final IpPrefix POOL = IpPrefix.parse("10.60.0.0/16");

  private TeamNse() {}

  /**
   * The NSE, to be started: everything as {@code vl3 run} has it, but for one element of our own.
   *
   * @param own what it owns of the pool
   * @param links the data plane: kernel interfaces, or VPP's MEMIF interfaces
   */
  public static Vl3NseBuilder builder(
      NsmRuntime runtime,
      NsmEdge nsm,
      String name,
      IpPrefix own,
      NseLinks links,
      RequireTeam requireTeam) {
    return Vl3Nse.builder(runtime, name, SERVICE)
        .nsm(nsm)
        .links(links)
        .pool(POOL)
        .prefix(own)
        .forWorkloads(requireTeam);
  }
}
