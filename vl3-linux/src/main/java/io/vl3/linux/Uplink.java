package io.vl3.linux;

import io.vl3.linux.internal.KernelRoute;
import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.MacAddress;
import io.vl3.linux.internal.NetnsHandle;
import io.vl3.linux.internal.Offloads;
import io.vl3.linux.internal.RtNetlink;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way out of a router's namespace into a data plane in user space: a veth pair whose other end
 * the data plane takes for itself with a packet socket. Whatever the namespace has no route for
 * leaves by it. The other end's hardware address is the data plane's own, so that the kernel there
 * passes over what is meant for it.
 *
 * <p>Segments leave cut and with their checksums, which the packet socket needs. The pair is known
 * by its alias and outlives the process. Thread-safe; calls block for a few milliseconds.
 */
public final class Uplink {

  /** The name of the namespace's end. */
  public static final String DEVICE = "vpp";

  /** Carries what any link behind it carries. */
  private static final int MTU_BYTES = 9000;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Path IPV6 = Path.of("/proc/sys/net/ipv6");

  private final Netns netns;
  private final String alias;

  /**
   * The addresses of one family.
   *
   * @param own of the namespace's end
   * @param other of the data plane
   */
  public record Hop(IpAddress own, IpAddress other) {}

  /**
   * A way that is not there yet.
   *
   * @param netns the router's namespace
   * @param name the router's name, which the alias of both ends carries
   */
  public Uplink(Netns netns, String name) {
    this.netns = netns;
    this.alias = "vl3:%s:vpp".formatted(name);
  }

  /**
   * Makes the way, or mends it.
   *
   * @param there the namespace of the data plane
   * @param device the name of its end
   * @param mac the hardware address that it answers to, six bytes
   * @return whether the pair was made anew
   * @throws IOException if it is not there, and why
   */
  public synchronized boolean prepare(Netns there, String device, byte[] mac, List<Hop> hops)
      throws IOException {
    MacAddress other =
        MacAddress.ofBytes(mac)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "mac: %d bytes (expected: 6)".formatted(mac.length)));
    try {
      return Netns.onOwnThread("uplink", () -> inside(there, device, other, hops));
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("uplink of %s: %s".formatted(netns.path(), failure), failure);
    }
  }

  private boolean inside(Netns there, String device, MacAddress mac, List<Hop> hops)
      throws IOException {
    try (NetnsHandle inner = NetnsHandle.open(netns.path());
        NetnsHandle outer = NetnsHandle.open(there.path())) {
      outer.enter();
      try (RtNetlink outside = RtNetlink.open(TIMEOUT)) {
        inner.enter();
        try (RtNetlink inside = RtNetlink.open(TIMEOUT)) {
          boolean made = makePair(inside, outside, outer, device);
          settle(outside, existing(outside, device));
          LinkInfo own = existing(inside, DEVICE);
          settle(inside, own);
          List<String> unused = Offloads.switchOff(DEVICE);
          lead(inside, own, mac, hops);
          return made;
        }
      }
    }
  }

  private boolean makePair(RtNetlink inside, RtNetlink outside, NetnsHandle outer, String device)
      throws IOException {
    Optional<LinkInfo> own = ours(inside, DEVICE);
    if (own.isPresent() && ours(outside, device).isPresent()) {
      return false;
    }
    if (own.isPresent()) {
      inside.delete(own.get());
    }
    Optional<LinkInfo> left = ours(outside, device);
    if (left.isPresent()) {
      outside.delete(left.get());
    }
    inside.createVeth(DEVICE, device, outer, MTU_BYTES, OwnerTag.GROUP);
    return true;
  }

  /** Our own interface of that name; one without a tag was not finished. */
  private Optional<LinkInfo> ours(RtNetlink netlink, String device) throws IOException {
    Optional<LinkInfo> found = netlink.link(device);
    if (found.isPresent()
        && !found.get().alias().equals(alias)
        && !OwnerTag.halfMade(found.get())) {
      throw new IOException(
          "interface: %s (expected: a free name) [it has the alias '%s']"
              .formatted(device, found.get().alias()));
    }
    return found;
  }

  private void settle(RtNetlink netlink, LinkInfo link) throws IOException {
    if (!link.alias().equals(alias)) {
      netlink.alias(link, alias);
    }
    if (!link.up()) {
      netlink.up(link, true);
    }
  }

  private static void lead(RtNetlink inside, LinkInfo own, MacAddress mac, List<Hop> hops)
      throws IOException {
    List<InterfaceAddress> has = inside.addresses(own);
    for (Hop hop : hops) {
      IpFamily family = hop.own().family();
      if (family == IpFamily.IPV6 && !Files.exists(IPV6)) {
        continue;
      }
      InterfaceAddress address = InterfaceAddress.host(hop.own());
      if (!has.contains(address)) {
        inside.addAddress(own, address);
      }
      inside.neighbours().add(own, hop.other(), mac);
      IpPrefix everything = IpPrefix.containing(new IpAddress(family, 0, 0), 0);
      inside.routeTable().add(own, new KernelRoute(everything, Optional.of(hop.other())));
    }
  }

  private static LinkInfo existing(RtNetlink netlink, String device) throws IOException {
    return netlink
        .link(device)
        .orElseThrow(() -> new IOException("interface: %s (expected: there)".formatted(device)));
  }
}
