package io.vl3.linux;

import io.vl3.dataplane.Attachment;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.Attachment.VxlanTunnel;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A link as the kernel sees it: one interface and a tunnel, or two interfaces.
 *
 * @param link the wanted link
 * @param ends the ends that are interfaces here
 * @param tunnel the way to the other node, if the other end is there
 */
record LinkPlan(Link link, List<End> ends, Optional<VxlanTunnel> tunnel) {

  private static final Pattern NAME = Pattern.compile("[^\\s/:%]{1,15}");
  private static final InterfaceAddress CLIENT_LINK_LOCAL = InterfaceAddress.parse("fe80::1/64");
  private static final InterfaceAddress ENDPOINT_LINK_LOCAL = InterfaceAddress.parse("fe80::2/64");
  private static final int MAX_VNI = (1 << 24) - 1;
  private static final int MIN_MTU_BYTES = 68;
  private static final int MAX_MTU_BYTES = 65535;

  /** An end that is an interface here. */
  record End(Side side, KernelInterface at, LinkEnd config) {

    /**
     * The wanted addresses; with IPv6, also the side's own link-local one, which the kernel needs
     * to look for neighbours of packets that it forwards.
     */
    Set<InterfaceAddress> addresses() {
      Set<InterfaceAddress> addresses = new LinkedHashSet<>(config.addresses());
      if (addresses.stream().anyMatch(address -> address.family() == IpFamily.IPV6)) {
        addresses.add(side == Side.CLIENT ? CLIENT_LINK_LOCAL : ENDPOINT_LINK_LOCAL);
      }
      return addresses;
    }
  }

  /** Checks a link. */
  static LinkPlan of(Link link) throws LinkException {
    List<End> ends = new ArrayList<>();
    List<VxlanTunnel> tunnels = new ArrayList<>();
    add(Side.CLIENT, link.client(), ends, tunnels);
    add(Side.ENDPOINT, link.endpoint(), ends, tunnels);
    check(!ends.isEmpty(), "link: two tunnel ends (expected: at least one kernel interface)");
    check(
        link.mtuBytes() == 0
            || (link.mtuBytes() >= MIN_MTU_BYTES && link.mtuBytes() <= MAX_MTU_BYTES),
        "mtuBytes: %d (expected: 0 or %d..%d)"
            .formatted(link.mtuBytes(), MIN_MTU_BYTES, MAX_MTU_BYTES));
    return new LinkPlan(link, ends, tunnels.stream().findFirst());
  }

  /** The tunnel's parameters as a record keeps them. */
  String tunnelText() {
    return tunnel
        .map(t -> "%s %s %d %d".formatted(t.local(), t.remote(), t.port(), t.vni()))
        .orElse("");
  }

  private static void add(Side side, LinkEnd end, List<End> ends, List<VxlanTunnel> tunnels)
      throws LinkException {
    Attachment attachment = end.attachment();
    if (attachment instanceof KernelInterface at) {
      checkName(at.name());
      ends.add(new End(side, at, end));
    } else if (attachment instanceof VxlanTunnel tunnel) {
      checkTunnel(tunnel);
      tunnels.add(tunnel);
    } else {
      throw invalid("%s: %s (expected: a kernel interface)".formatted(side, attachment));
    }
  }

  private static void checkName(String name) throws LinkException {
    check(
        NAME.matcher(name).matches() && !name.equals(".") && !name.equals(".."),
        "interface name: %s (expected: 1..15 characters, none of them / : %% or blank)"
            .formatted(name));
  }

  private static void checkTunnel(VxlanTunnel tunnel) throws LinkException {
    check(
        tunnel.vni() >= 1 && tunnel.vni() <= MAX_VNI,
        "vni: %d (expected: 1..%d)".formatted(tunnel.vni(), MAX_VNI));
    check(
        tunnel.port() >= 1 && tunnel.port() <= 65535,
        "tunnel port: %d (expected: 1..65535)".formatted(tunnel.port()));
    check(
        tunnel.local().family() == tunnel.remote().family(),
        "tunnel: %s to %s (expected: one address family)"
            .formatted(tunnel.local(), tunnel.remote()));
  }

  private static void check(boolean holds, String message) throws LinkException {
    if (!holds) {
      throw invalid(message);
    }
  }

  private static LinkException invalid(String message) {
    return new LinkException(Reason.INVALID, message);
  }
}
