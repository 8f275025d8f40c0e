package io.vl3.linux.internal;

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
 */
public record LinkInfo(
    int index,
    String name,
    String alias,
    String kind,
    int mtuBytes,
    int group,
    boolean up,
    boolean loopback) {

  private static final int FIXED = 16;
  private static final int IFF_UP = 1;
  private static final int IFF_LOOPBACK = 8;

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
        (reply.number(8) & IFF_LOOPBACK) != 0);
  }
}
