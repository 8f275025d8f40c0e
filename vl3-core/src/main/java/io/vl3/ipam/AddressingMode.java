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
    Share share(OwnPrefix own, IpPrefix block) {
      IpAddress client = block.first().plus(1);
      return pair(own, block, client, client.plus(1));
    }

    @Override
    PrefixSet reserved(OwnPrefix own) {
      return PrefixSet.EMPTY;
    }
  },

  /**
   * A /31 (/127) per connection (RFC 3021, RFC 6164): the lower address to the client, the upper to
   * the endpoint. The endpoint's own address, the prefix's first, is left out: links between peers
   * show it. A prefix that is itself a /31 (/127) is one link, and there the lower address is the
   * endpoint's.
   */
  POINT_TO_POINT_31(1) {
    @Override
    Share share(OwnPrefix own, IpPrefix block) {
      return own.isPair()
          ? pair(own, block, block.last(), block.first())
          : pair(own, block, block.first(), block.last());
    }

    @Override
    PrefixSet reserved(OwnPrefix own) {
      return own.isPair() ? PrefixSet.EMPTY : own.ownAddress();
    }
  },

  /**
   * A /32 (/128) per client; the endpoint shows its own address, the prefix's first, on every link.
   * That and the prefix's last address are not given to clients; of a /31 (/127) the last one is.
   */
  UNNUMBERED(0) {
    @Override
    Share share(OwnPrefix own, IpPrefix block) {
      IpAddress endpoint = own.address().orElseThrow();
      // No next hop at the endpoint: the client is on the link, and kernels refuse a router at
      // one's
      // own address.
      return new Share(
          own.prefix(),
          block,
          InterfaceAddress.host(block.first()),
          InterfaceAddress.host(endpoint),
          List.of(Route.via(endpoint.toPrefix(), endpoint), Route.via(own.prefix(), endpoint)),
          List.of(Route.to(block)));
    }

    @Override
    PrefixSet reserved(OwnPrefix own) {
      return own.ends();
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

  abstract Share share(OwnPrefix own, IpPrefix block);

  /** The part of a prefix that no connection may take. */
  abstract PrefixSet reserved(OwnPrefix own);

  private static Share pair(OwnPrefix own, IpPrefix block, IpAddress client, IpAddress endpoint) {
    return new Share(
        own.prefix(),
        block,
        new InterfaceAddress(client, block.length()),
        new InterfaceAddress(endpoint, block.length()),
        List.of(),
        List.of());
  }
}
