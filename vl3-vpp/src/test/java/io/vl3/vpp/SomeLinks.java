package io.vl3.vpp;

import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment.Elsewhere;
import io.vl3.dataplane.Attachment.Memif;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.PortForward;
import io.vl3.dataplane.PortForward.Transport;
import io.vl3.dataplane.Translation;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.stream.IntStream;

/** Links of VPP for tests. */
public final class SomeLinks {

  private SomeLinks() {}

  /** A workload's link with addresses of its own, the n-th /30 of 10.0.0.0/8. */
  public static Link numbered(String key, int n, List<String> routes) {
    int base = (10 << 24) + 4 * n;
    IpAddress own = IpAddress.ipv4(base + 2);
    return new Link(
        new LinkKey(key),
        key,
        LinkEnd.bare(new Elsewhere()),
        new LinkEnd(
            new Memif("/run/vl3/memif/" + key + ".sock", true, false),
            List.of(new InterfaceAddress(own, 30)),
            routes.stream().map(IpPrefix::parse).map(Route::to).toList(),
            List.of(IpAddress.ipv4(base + 1))),
        1400);
  }

  /** The link with another MTU. */
  public static Link withMtu(Link link, int bytes) {
    return new Link(link.key(), link.title(), link.client(), link.endpoint(), bytes);
  }

  /** The link with frames in it, which alone have an MTU in VPP. */
  public static Link framed(Link link) {
    return with(link, new Memif(((Memif) link.endpoint().attachment()).socket(), true, true));
  }

  /** The link by another socket. */
  public static Link withSocket(Link link, String socket) {
    return with(link, new Memif(socket, true, false));
  }

  /** The peer's link by a file, for a VPP that knows no other names. */
  public static Link byFile(Link link) {
    if (!(link.client().attachment() instanceof Memif memif)) {
      return link;
    }
    LinkEnd end = link.client();
    Memif file = new Memif("/run/vl3/memif/" + link.key() + ".sock", memif.master(), false);
    LinkEnd other = new LinkEnd(file, end.addresses(), end.routes(), end.neighbours());
    return new Link(link.key(), link.title(), other, link.endpoint(), link.mtuBytes());
  }

  private static Link with(Link link, Memif memif) {
    LinkEnd end = link.endpoint();
    LinkEnd other = new LinkEnd(memif, end.addresses(), end.routes(), end.neighbours());
    return new Link(link.key(), link.title(), link.client(), other, link.mtuBytes());
  }

  /** The link inside of the address translation, with TCP ports that lead to its client. */
  public static Link forwarding(Link link, int... ports) {
    IpAddress client = link.endpoint().neighbours().get(0);
    List<PortForward> forwards =
        IntStream.of(ports).mapToObj(p -> new PortForward(Transport.TCP, p, client)).toList();
    return link.withTranslation(new Translation(forwards));
  }

  /** A peer's link, unnumbered. */
  public static Link unnumbered(String key, String own, String other) {
    return unnumbered(key, List.of(own), List.of(other));
  }

  /** A peer's link of several families, unnumbered. */
  public static Link unnumbered(String key, List<String> own, List<String> others) {
    return new Link(
        new LinkKey(key),
        key,
        new LinkEnd(
            new Memif("abstract:" + key, false, false),
            own.stream().map(IpAddress::parse).map(InterfaceAddress::host).toList(),
            List.of(),
            others.stream().map(IpAddress::parse).toList()),
        LinkEnd.bare(new Elsewhere()),
        1400);
  }
}
