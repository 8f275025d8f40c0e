package io.vl3.nsm.manager;

import io.vl3.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a machine's manager, as its first process has them, kept for the one that takes
 * over; empty parts are taken from who was before. Made by {@link #builder}.
 *
 * @param name the manager's name in paths; drawn at the first start unless given
 * @param listenOn a TCP address for other domains, {@code tcp://HOST:PORT}
 * @param tunnelAddress the node's underlay address
 * @param tunnelPort the UDP port of tunnels
 * @param underlayMtuBytes the MTU between nodes in bytes; that of the underlay's device unless
 *     given
 * @param insecure whether {@code listenOn} may be served without TLS
 */
public record ManagerSettings(
    Optional<String> name,
    Optional<String> listenOn,
    Optional<IpAddress> tunnelAddress,
    Optional<Integer> tunnelPort,
    Optional<Integer> underlayMtuBytes,
    Optional<Boolean> insecure) {

  /** No settings. */
  public static final ManagerSettings NONE = builder().build();

  /** Prepares settings, all of them empty. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A manager that other domains reach.
   *
   * @param insecure whether it may be reached without TLS
   */
  public static ManagerSettings reachable(
      String listenOn, IpAddress tunnelAddress, boolean insecure) {
    return builder().listenOn(listenOn).tunnelAddress(tunnelAddress).insecure(insecure).build();
  }

  /** Whether anything is set. */
  boolean any() {
    return !equals(NONE);
  }

  /** As people read it, without the name. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    listenOn.ifPresent(url -> parts.add("listenOn " + url));
    tunnelAddress.ifPresent(address -> parts.add("tunnelIp " + address));
    tunnelPort.ifPresent(port -> parts.add("tunnelPort " + port));
    underlayMtuBytes.ifPresent(mtu -> parts.add("underlayMtuBytes " + mtu));
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  /** These settings, with the other's where these are empty. */
  ManagerSettings orElse(ManagerSettings other) {
    return new ManagerSettings(
        name.or(other::name),
        listenOn.or(other::listenOn),
        tunnelAddress.or(other::tunnelAddress),
        tunnelPort.or(other::tunnelPort),
        underlayMtuBytes.or(other::underlayMtuBytes),
        insecure.or(other::insecure));
  }

  ManagerSettings withName(String changed) {
    return new ManagerSettings(
        Optional.of(changed), listenOn, tunnelAddress, tunnelPort, underlayMtuBytes, insecure);
  }

  NodeSettings node() {
    return new NodeSettings(
        tunnelAddress, tunnelPort.orElse(NodeSettings.VXLAN_PORT), underlayMtuBytes);
  }

  /** Sets what a manager's settings have; what is not set stays empty. */
  public static final class Builder {

    private Optional<String> name = Optional.empty();
    private Optional<String> listenOn = Optional.empty();
    private Optional<IpAddress> tunnelAddress = Optional.empty();
    private Optional<Integer> tunnelPort = Optional.empty();
    private Optional<Integer> underlayMtuBytes = Optional.empty();
    private Optional<Boolean> insecure = Optional.empty();

    private Builder() {}

    /** The manager's name in paths. */
    public Builder name(String value) {
      name = Optional.of(value);
      return this;
    }

    /** A TCP address for other domains, {@code tcp://HOST:PORT}. */
    public Builder listenOn(String value) {
      listenOn = Optional.of(value);
      return this;
    }

    /** The node's underlay address. */
    public Builder tunnelAddress(IpAddress value) {
      tunnelAddress = Optional.of(value);
      return this;
    }

    /** The UDP port of tunnels. */
    public Builder tunnelPort(int value) {
      tunnelPort = Optional.of(value);
      return this;
    }

    /** The MTU between nodes in bytes. */
    public Builder underlayMtuBytes(int value) {
      underlayMtuBytes = Optional.of(value);
      return this;
    }

    /** Whether the TCP address may be served without TLS. */
    public Builder insecure(boolean value) {
      insecure = Optional.of(value);
      return this;
    }

    public ManagerSettings build() {
      return new ManagerSettings(
          name, listenOn, tunnelAddress, tunnelPort, underlayMtuBytes, insecure);
    }
  }
}
