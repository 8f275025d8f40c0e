package io.vl3.linux.internal;

import java.util.Optional;

/**
 * An interface as the kernel reports it.
 *
 * @param index its number in its namespace
 * @param name its name
 * @param alias its alias; empty if it has none
 * @param kind its driver's kind, such as {@code veth}; empty for a device
 * @param mtuBytes its MTU in bytes
 * @param group its group
 * @param up whether it is administratively up
 * @param loopback whether it is a loopback
 * @param forwards whether packets of each family that it has are forwarded
 * @param mac its hardware address; empty if it has none
 */
public record LinkInfo(
    int index,
    String name,
    String alias,
    String kind,
    int mtuBytes,
    int group,
    boolean up,
    boolean loopback,
    boolean forwards,
    Optional<MacAddress> mac) {

  private static final int FIXED = 16;
  private static final int IFF_UP = 1;
  private static final int IFF_LOOPBACK = 8;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int IFLA_INET_CONF = 1;
  private static final int IFLA_INET6_CONF = 2;

  static LinkInfo of(NetlinkReply reply) {
    return new LinkInfo(
        reply.number(4),
        reply.text(FIXED, RtNetlink.IFLA_IFNAME).orElse(""),
        reply.text(FIXED, RtNetlink.IFLA_IFALIAS).orElse(""),
        reply
            .attribute(FIXED, RtNetlink.IFLA_LINKINFO)
            .flatMap(nested -> new NetlinkReply(nested).text(0, RtNetlink.INFO_KIND))
            .orElse(""),
        reply.number(FIXED, RtNetlink.IFLA_MTU, 0),
        reply.number(FIXED, RtNetlink.IFLA_GROUP, 0),
        (reply.number(8) & IFF_UP) != 0,
        (reply.number(8) & IFF_LOOPBACK) != 0,
        reply.attribute(FIXED, RtNetlink.IFLA_AF_SPEC).map(LinkInfo::forwards).orElse(false),
        reply.attribute(FIXED, RtNetlink.IFLA_ADDRESS).flatMap(MacAddress::ofBytes));
  }

  /** The first number of each family's settings is its forwarding (linux/ip.h, linux/ipv6.h). */
  private static boolean forwards(byte[] families) {
    NetlinkReply reply = new NetlinkReply(families);
    return forwards(reply, AF_INET, IFLA_INET_CONF) && forwards(reply, AF_INET6, IFLA_INET6_CONF);
  }

  /** A family that the interface lacks is not in the way. */
  private static boolean forwards(NetlinkReply families, int family, int settings) {
    return families
        .attribute(0, family)
        .map(own -> new NetlinkReply(own).number(0, settings, 0) != 0)
        .orElse(true);
  }
}
