package io.vl3.cli.config;

import io.vl3.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The file's {@code nsm} section with variables applied.
 *
 * @param choice which Network Service Mesh, and why
 * @param legacy the one with the 0.2 API: the only one, or beside the other
 * @param listenOn where the manager reaches us
 * @param insecure whether tcp:// without TLS is allowed
 * @param tls whence our identity for TLS comes
 * @param tokenLifetime how long our tokens last at most
 * @param remoteDomains other domains to find peers in, host or host:port
 * @param manager the embedded manager, which this process then runs
 * @param nse how endpoints behave
 */
public record NsmConfig(
    NsmChoice choice,
    Optional<LegacyNsmConfig> legacy,
    Optional<String> listenOn,
    boolean insecure,
    TlsConfig tls,
    Duration tokenLifetime,
    List<String> remoteDomains,
    ManagerConfig manager,
    NseSettings nse) {

  /** Copies the list. */
  public NsmConfig {
    remoteDomains = List.copyOf(remoteDomains);
  }

  /**
   * Settings of the embedded manager.
   *
   * @param listenOn tcp://host:port for the managers of other nodes
   * @param tunnelIp this node's address for vxlan tunnels
   * @param insecure whether that tcp:// may go without TLS
   */
  public record ManagerConfig(
      Optional<String> listenOn, Optional<IpAddress> tunnelIp, boolean insecure) {}
}
