package io.vl3.vpp;

import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.time.BackOff;
import java.time.Duration;
import java.util.Optional;

/**
 * How a {@link VppDataPlane} programs VPP.
 *
 * @param owner whose objects these are, in each life the same; two owners never share a name on one
 *     agent
 * @param memif how interfaces are made
 * @param vrf the routing table of all links, 0 to 2^31 - 1; 0: VPP's default table
 * @param natAddress the address that links inside the translation leave by
 * @param pace how long things may take
 */
public record VppSettings(
    String owner, MemifSettings memif, int vrf, Optional<IpAddress> natAddress, Pace pace) {

  /**
   * How long things may take.
   *
   * @param call one call of the agent
   * @param verify how long after a look what runs is compared again with what is wanted, at least
   * @param again how to wait before the agent is tried again
   */
  public record Pace(Duration call, Duration verify, BackOff again) {

    /** Five seconds for a call, a look every two seconds, tries from 200 ms to 2 s apart. */
    public static final Pace DEFAULT =
        new Pace(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            new BackOff(Duration.ofMillis(200), Duration.ofSeconds(2)));
  }

  /** Refuses an empty owner, a negative table, a NAT address that is not IPv4. */
  public VppSettings {
    if (owner.isBlank()) {
      throw new IllegalArgumentException("owner: blank (expected: a name)");
    }
    if (vrf < 0) {
      throw new IllegalArgumentException("vrf: %d (expected: 0 or more)".formatted(vrf));
    }
    natAddress
        .filter(address -> address.family() != IpFamily.IPV4)
        .ifPresent(
            address -> {
              throw new IllegalArgumentException(
                  "natAddress: %s (expected: IPv4)".formatted(address));
            });
  }

  /** These settings with tries at most half a second apart, which cost a VPP of our own nothing. */
  public VppSettings withoutAgent() {
    BackOff again = new BackOff(Duration.ofMillis(100), Duration.ofMillis(500));
    return withPace(new Pace(pace.call(), pace.verify(), again));
  }

  /** Settings for an owner, everything else as usual. */
  public static VppSettings of(String owner) {
    return new VppSettings(owner, MemifSettings.DEFAULT, 0, Optional.empty(), Pace.DEFAULT);
  }

  /** These settings with other interfaces. */
  public VppSettings withMemif(MemifSettings changed) {
    return new VppSettings(owner, changed, vrf, natAddress, pace);
  }

  /** These settings with another routing table. */
  public VppSettings withVrf(int changed) {
    return new VppSettings(owner, memif, changed, natAddress, pace);
  }

  /** These settings with a NAT address. */
  public VppSettings withNatAddress(IpAddress address) {
    return new VppSettings(owner, memif, vrf, Optional.of(address), pace);
  }

  /** These settings with another pace. */
  public VppSettings withPace(Pace changed) {
    return new VppSettings(owner, memif, vrf, natAddress, changed);
  }
}
