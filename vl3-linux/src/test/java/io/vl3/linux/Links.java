package io.vl3.linux;

import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** Links in few words. */
final class Links {

  private Links() {}

  static Attachment at(Netns netns, String name) {
    return new KernelInterface(netns.url(), name);
  }

  /** Addresses as {@code a/len}, routes as {@code > prefix}, neighbours as {@code @ address}. */
  static LinkEnd end(Attachment attachment, String... words) {
    List<InterfaceAddress> addresses = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    List<IpAddress> neighbours = new ArrayList<>();
    for (String word : words) {
      switch (word.charAt(0)) {
        case '>' -> routes.add(Route.to(IpPrefix.parse(word.substring(1).strip())));
        case '@' -> neighbours.add(IpAddress.parse(word.substring(1).strip()));
        default -> addresses.add(InterfaceAddress.parse(word));
      }
    }
    return new LinkEnd(attachment, addresses, routes, neighbours);
  }

  static Link link(String key, LinkEnd client, LinkEnd endpoint) {
    return new Link(new LinkKey(key), key, client, endpoint, 0);
  }
}
