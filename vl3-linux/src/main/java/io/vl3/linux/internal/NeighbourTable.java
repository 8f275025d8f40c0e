package io.vl3.linux.internal;

import io.vl3.net.IpAddress;
import java.util.Optional;

/**
 * The permanent entries of a namespace's neighbour table: where an address of the same link is,
 * without being asked for. All namespaces of a machine share the room for the others ({@code
 * net.ipv4.neigh.default.gc_thresh3}, 1,024); permanent ones do not count since Linux 5.0. Source:
 * linux/neighbour.h.
 */
public final class NeighbourTable {

  private static final int NEWNEIGH = 28;
  private static final int DELNEIGH = 29;
  private static final int GETNEIGH = 30;
  private static final int FIXED = 12;
  private static final int STATE = 8;
  private static final int NUD_PERMANENT = 0x80;
  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;

  private final NetlinkSocket socket;

  NeighbourTable(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Where the address is; empty without a permanent entry, and before Linux 5.0. */
  public Optional<MacAddress> find(LinkInfo link, IpAddress address) throws NetlinkException {
    NetlinkMessage message =
        message("show", GETNEIGH, 0, link, address, 0).raw(NDA_DST, address.toBytes());
    try {
      return socket.request(message).stream()
          .filter(reply -> (reply.half(STATE) & NUD_PERMANENT) != 0)
          .findFirst()
          .flatMap(reply -> reply.attribute(FIXED, NDA_LLADDR))
          .flatMap(MacAddress::ofBytes);
    } catch (NetlinkException e) {
      if (e.is(NetlinkException.ENOENT, NetlinkException.EOPNOTSUPP)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The address is there, whatever was said of it before. */
  public void add(LinkInfo link, IpAddress address, MacAddress mac) throws NetlinkException {
    int flags = NetlinkMessage.CREATE | NetlinkMessage.REPLACE;
    socket.request(
        message("add", NEWNEIGH, flags, link, address, NUD_PERMANENT)
            .raw(NDA_DST, address.toBytes())
            .raw(NDA_LLADDR, mac.toBytes()));
  }

  /** Removes an entry; no error if it is not there. */
  public void remove(LinkInfo link, IpAddress address) throws NetlinkException {
    socket.requestUnlessGone(
        message("remove", DELNEIGH, 0, link, address, 0).raw(NDA_DST, address.toBytes()));
  }

  private static NetlinkMessage message(
      String verb, int type, int flags, LinkInfo link, IpAddress address, int state) {
    return new NetlinkMessage(verb + " neighbour " + address + " on " + link.name(), type, flags)
        .neighbour(RtNetlink.number(address.family()), link.index(), state);
  }
}
