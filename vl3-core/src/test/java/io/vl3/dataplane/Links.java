package io.vl3.dataplane;

import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.net.InterfaceAddress;
import java.util.List;

/** Links for tests. */
public final class Links {

  private Links() {}

  /** A link with interfaces of its own and the given client address. */
  public static Link link(String key, String address) {
    LinkEnd client =
        new LinkEnd(
            new KernelInterface("file:///run/netns/client-" + key, "nsm0"),
            List.of(InterfaceAddress.parse(address)),
            List.of(),
            List.of());
    LinkEnd endpoint = LinkEnd.bare(new KernelInterface("file:///run/netns/nse", "w" + key));
    return new Link(new LinkKey(key), key, client, endpoint, 1400);
  }
}
