package io.vl3.linux.internal;

/**
 * An interface and what has passed over it.
 *
 * @param link the interface
 * @param carrier whether the other side is there and up
 */
public record LinkTraffic(
    LinkInfo link,
    boolean carrier,
    long packetsIn,
    long packetsOut,
    long bytesIn,
    long bytesOut,
    long droppedIn,
    long droppedOut) {

  private static final int FIXED = 16;
  private static final int IFLA_STATS64 = 23;
  private static final int IFF_LOWER_UP = 0x10000;

  /**
   * In the order of the kernel's {@code rtnl_link_stats64}, where two counts of errors come
   * between.
   */
  static LinkTraffic of(NetlinkReply reply) {
    long[] counts = reply.longs(FIXED, IFLA_STATS64, 8);
    return new LinkTraffic(
        LinkInfo.of(reply),
        (reply.number(8) & IFF_LOWER_UP) != 0,
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[6],
        counts[7]);
  }
}
