package io.vl3.nsm.manager;

import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What joins a manager's node to others.
 *
 * @param tunnelAddress the node's underlay address; empty: the node has no tunnels
 * @param tunnelPort the UDP port of VXLAN on every node, 1 to 65535
 * @param underlayMtuBytes the MTU between nodes in bytes; empty: that of the device which has the
 *     underlay address
 */
public record NodeSettings(
    Optional<IpAddress> tunnelAddress, int tunnelPort, Optional<Integer> underlayMtuBytes) {

  /** The port that IANA gave to VXLAN (RFC 7348). */
  public static final int VXLAN_PORT = 4789;

  /** A node that is joined to no other. */
  public static final NodeSettings ALONE =
      new NodeSettings(Optional.empty(), VXLAN_PORT, Optional.empty());

  /** Where neither the settings nor the data plane say more. */
  private static final int USUAL_UNDERLAY_MTU = 1500;

  /** Outer headers of VXLAN: Ethernet 14, UDP 8, VXLAN 8, and IPv4 20 or IPv6 40 bytes. */
  private static final int OVERHEAD_IPV4 = 50;

  private static final int OVERHEAD_IPV6 = 70;

  /** Refuses ports and MTUs out of range. */
  public NodeSettings {
    if (tunnelPort < 1 || tunnelPort > 65535) {
      throw new IllegalArgumentException("tunnelPort: " + tunnelPort + " (expected: 1..65535)");
    }
    if (underlayMtuBytes.filter(mtu -> mtu < 1280 || mtu > 65535).isPresent()) {
      throw new IllegalArgumentException(
          "underlayMtuBytes: " + underlayMtuBytes.get() + " (expected: 1280..65535)");
    }
  }

  /**
   * The MTU of a tunnel in bytes, as things are now: with another device, or another MTU of the
   * same one, it is another.
   *
   * @param measured what the data plane says of tunnels by an underlay address
   */
  int tunnelMtuBytes(Function<IpAddress, OptionalInt> measured) {
    boolean v6 = tunnelAddress.filter(a -> a.family() == IpFamily.IPV6).isPresent();
    int overhead = v6 ? OVERHEAD_IPV6 : OVERHEAD_IPV4;
    if (underlayMtuBytes.isPresent()) {
      return underlayMtuBytes.get() - overhead;
    }
    OptionalInt found = tunnelAddress.map(measured).orElse(OptionalInt.empty());
    return found.orElse(USUAL_UNDERLAY_MTU - overhead);
  }
}
