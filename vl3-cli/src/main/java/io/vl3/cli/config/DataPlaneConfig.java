package io.vl3.cli.config;

import io.vl3.net.IpAddress;
import io.vl3.vpp.MemifSettings;
import io.vl3.vpp.VppSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What carries the packets.
 *
 * @param type the kind
 * @param leastMtuBytes what no workload may make the others go below
 * @param vpp how VPP is programmed, if it is
 */
public record DataPlaneConfig(Type type, int leastMtuBytes, VppConfig vpp) {

  /** Where the original's agent listens. */
  public static final String STANDARD_ADDRESS = "localhost:9113";

  /**
   * How VPP is programmed.
   *
   * @param address the vpp-agent's host:port
   * @param socket VPP's own API socket
   * @param memif how interfaces are made
   * @param socketDirectory where their sockets are; empty: names without files
   * @param kernel whether kernel interfaces are offered too, where VPP's own API is spoken
   * @param vrf the routing table of all links
   * @param natAddress the address that workloads' traffic leaves by
   * @param leftoverGrace how long what an earlier life left is kept
   * @param keepLeftovers whether it is only reported then
   */
  public record VppConfig(
      String address,
      VppSocket socket,
      MemifSettings memif,
      Optional<Path> socketDirectory,
      boolean kernel,
      int vrf,
      Optional<IpAddress> natAddress,
      Duration leftoverGrace,
      boolean keepLeftovers) {}

  /** Whether a namespace of the kernel stands beside VPP, for workloads with kernel interfaces. */
  public boolean offersKernelBesideVpp() {
    return type == Type.VPP && vpp.kernel();
  }

  /** Whether an endpoint has a namespace of the kernel. */
  public boolean wantsNamespace() {
    return !type.isVpp() || offersKernelBesideVpp();
  }

  @Override
  public String toString() {
    if (!type.isVpp()) {
      return type.word();
    }
    return "%s at %s, %svrf %d, sockets %s, NAT %s"
        .formatted(
            type.word(),
            type == Type.VPP ? vpp.socket().path() : vpp.address(),
            offersKernelBesideVpp() ? "kernel interfaces by veth, " : "",
            vpp.vrf(),
            vpp.socketDirectory().map(Path::toString).orElse("without files"),
            vpp.natAddress().map(IpAddress::toString).orElse("none"));
  }

  /** The kinds of data plane. */
  public enum Type {
    /** The Linux kernel. */
    KERNEL("kernel"),
    /** VPP, by its own API. */
    VPP("vpp"),
    /** VPP through ligato's vpp-agent. */
    VPP_AGENT("vpp-agent");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** As the file spells it. */
    public String word() {
      return word;
    }

    /** Whether it is a VPP, however it is spoken with. */
    public boolean isVpp() {
      return this != KERNEL;
    }

    public static Type of(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException("type: " + word);
    }
  }
}
