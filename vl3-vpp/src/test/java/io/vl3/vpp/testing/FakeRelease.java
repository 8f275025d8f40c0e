package io.vl3.vpp.testing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A release of the agent, by what a client can tell of it: its models, and what it heeds. */
public enum FakeRelease {
  V3_0(
      """
      linux.interfaces.v2.interface linux.iptables.v2.rulechain linux.l3.v2.arp linux.l3.v2.route
      netalloc.v1.ip vpp.abfs.v2.abf vpp.acls.v2.acl vpp.ipsec.v2.sa vpp.ipsec.v2.spd
      vpp.l2.v2.bridge-domain vpp.l2.v2.fib vpp.l2.v2.xconnect vpp.nat.v2.dnat44
      vpp.nat.v2.nat44-global vpp.nat.v2.nat44-interface vpp.nat.v2.nat44-pool vpp.srv6.v2.localsid
      vpp.srv6.v2.policy vpp.srv6.v2.srv6-global vpp.srv6.v2.steering vpp.stn.v2.rule vpp.v2.arp
      vpp.v2.dhcp-proxy vpp.v2.exception vpp.v2.interfaces vpp.v2.ipredirect
      vpp.v2.ipscanneigh-global vpp.v2.l3xconnect vpp.v2.proxyarp-global vpp.v2.route vpp.v2.span
      vpp.v2.tohost vpp.v2.vrf-table"""),
  V3_1("vpp.ipsec.v2.tun-protect"),
  V3_2(
      """
      vpp.ipfix.v2.flowprobe-feature vpp.ipfix.v2.flowprobe-params vpp.ipfix.v2.ipfix
      vpp.ipsec.v2.sp vpp.v2.teib vpp.v2.vrrp vpp.wg.v1.peer"""),
  /** And 3.4 and 3.5. */
  V3_3("vpp.dns.v1.dnscache"),
  /** The development version of October 2023. */
  MASTER("vpp.nat.v2.nat44-vrf vpp.nat.v2.nat44-vrf-route");

  private final String added;

  FakeRelease(String added) {
    this.added = added;
  }

  /** The models that it knows. */
  Set<String> models() {
    Set<String> models = new LinkedHashSet<>();
    for (FakeRelease release : values()) {
      if (release.compareTo(this) <= 0) {
        models.addAll(List.of(release.added.split("\\s+")));
      }
    }
    return models;
  }

  /** Whether an update waits for what is pending if it is asked to. */
  boolean waits() {
    return compareTo(V3_2) >= 0;
  }

  /** Whether a client may name its own source; else all share one. */
  boolean hasSources() {
    return compareTo(V3_3) >= 0;
  }
}
