package io.vl3.cli.assembly;

import io.vl3.linux.Netns;
import io.vl3.linux.Uplink;
import io.vl3.vpp.KernelSide;
import io.vl3.vpp.KernelWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/** The namespace of an NSE whose router hands on to VPP. */
final class VppKernelSide implements KernelSide {

  private static final Path PROCESSES = Path.of("/proc");
  private static final String NAME = "vpp";

  private final Netns netns;
  private final Uplink uplink;

  VppKernelSide(Netns netns, String endpoint) {
    this.netns = netns;
    this.uplink = new Uplink(netns, endpoint);
  }

  @Override
  public String netnsUrl() {
    return netns.url();
  }

  @Override
  public boolean prepare(KernelWay way, OptionalLong vppProcess) throws IOException {
    List<Uplink.Hop> hops =
        way.hops().stream().map(hop -> new Uplink.Hop(hop.kernel(), hop.vpp())).toList();
    return uplink.prepare(
        namespace(vppProcess), way.device(), HexFormat.of().parseHex(way.mac()), hops);
  }

  /**
   * Where VPP's process is. One that has another name here is a number of another container's: such
   * a VPP shares our own namespace, as the containers of a pod do.
   */
  private static Netns namespace(OptionalLong process) throws IOException {
    if (process.isPresent()) {
      Path itself = PROCESSES.resolve(Long.toString(process.getAsLong()));
      Path name = itself.resolve("comm");
      if (Files.exists(name) && Files.readString(name).startsWith(NAME)) {
        return new Netns(itself.resolve("ns/net"));
      }
    }
    return Netns.ofProcess();
  }
}
