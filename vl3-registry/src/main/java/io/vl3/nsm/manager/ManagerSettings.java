package io.vl3.nsm.manager;

import io.vl3.net.IpAddress;
import java.util.Optional;

/**
 * What a machine's manager is told by whoever starts it, and keeps for who takes over; empty parts
 * are taken from who was before.
 *
 * @param name the manager's name in paths; drawn at the first start unless given
 * @param listenOn a TCP address for other domains, {@code tcp://HOST:PORT}
 * @param tunnelAddress the node's underlay address
 * @param tunnelPort the UDP port of tunnels
 * @param underlayMtuBytes the MTU between nodes in bytes
 */
public record ManagerSettings(
    Optional<String> name,
    Optional<String> listenOn,
    Optional<IpAddress> tunnelAddress,
    Optional<Integer> tunnelPort,
    Optional<Integer> underlayMtuBytes) {

  /** Nothing is told. */
  public static final ManagerSettings NONE =
      new ManagerSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A manager that other domains reach. */
  public static ManagerSettings reachable(String listenOn, IpAddress tunnelAddress) {
    return new ManagerSettings(
        Optional.empty(),
        Optional.of(listenOn),
        Optional.of(tunnelAddress),
        Optional.empty(),
        Optional.empty());
  }

  /** These settings, with the other's where these are empty. */
  ManagerSettings orElse(ManagerSettings other) {
    return new ManagerSettings(
        name.or(other::name),
        listenOn.or(other::listenOn),
        tunnelAddress.or(other::tunnelAddress),
        tunnelPort.or(other::tunnelPort),
        underlayMtuBytes.or(other::underlayMtuBytes));
  }

  ManagerSettings withName(String changed) {
    return new ManagerSettings(
        Optional.of(changed), listenOn, tunnelAddress, tunnelPort, underlayMtuBytes);
  }

  NodeSettings node() {
    return new NodeSettings(
        tunnelAddress,
        tunnelPort.orElse(NodeSettings.VXLAN_PORT),
        underlayMtuBytes.orElse(NodeSettings.ALONE.underlayMtuBytes()));
  }
}
