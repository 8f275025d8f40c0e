package io.vl3.ipam;

import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.List;

/** How a connection's two addresses are made out of the endpoint's own prefix. */
public enum AddressingMode {
  /** A /30 (/126) per connection: its first host to the client, its second to the endpoint. */
  POINT_TO_POINT(2) {
    @Override
    Share share(IpPrefix own, IpPrefix block) {
      return pair(own, block, 1);
    }

    @Override
    PrefixSet reserved(IpPrefix own) {
      return PrefixSet.EMPTY;
    }
  },

  /**
   * A /31 (/127) per connection (RFC 3021, RFC 6164): the lower address to the client, the upper to
   * the endpoint. The prefix's first address is left out: links between peers show it.
   */
  POINT_TO_POINT_31(1) {
    @Override
    Share share(IpPrefix own, IpPrefix block) {
      return pair(own, block, 0);
    }

    @Override
    PrefixSet reserved(IpPrefix own) {
      return PrefixSet.of(own.first().toPrefix());
    }
  },

  /**
   * A /32 (/128) per client; the endpoint shows its prefix's first address on every link. The
   * prefix's first and last address are not given to clients.
   */
  UNNUMBERED(0) {
    @Override
    Share share(IpPrefix own, IpPrefix block) {
      IpAddress endpoint = own.first();
      // No next hop at the endpoint: the client is on the link, and a router at one's own address
      // is
      // refused by kernels.
      return new Share(
          own,
          block,
          InterfaceAddress.host(block.first()),
          InterfaceAddress.host(endpoint),
          List.of(Route.via(endpoint.toPrefix(), endpoint), Route.via(own, endpoint)),
          List.of(Route.to(block)));
    }

    @Override
    PrefixSet reserved(IpPrefix own) {
      return PrefixSet.of(own.first().toPrefix(), own.last().toPrefix());
    }
  };

  private final int hostBits;

  AddressingMode(int hostBits) {
    this.hostBits = hostBits;
  }

  /** The length of what one connection takes of the prefix: 30, 31 or 32; 126, 127 or 128. */
  public int blockLength(IpFamily family) {
    return family.bits() - hostBits;
  }

  abstract Share share(IpPrefix own, IpPrefix block);

  /** What of a prefix no connection may take. */
  abstract PrefixSet reserved(IpPrefix own);

  private static Share pair(IpPrefix own, IpPrefix block, int firstHost) {
    IpAddress client = block.first().plus(firstHost);
    return new Share(
        own,
        block,
        new InterfaceAddress(client, block.length()),
        new InterfaceAddress(client.plus(1), block.length()),
        List.of(),
        List.of());
  }
}
