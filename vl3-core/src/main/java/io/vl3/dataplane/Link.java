package io.vl3.dataplane;

import java.util.Optional;

/**
 * A point-to-point link as it is wanted.
 *
 * @param key what it is known by
 * @param title who it joins, for people: {@code web-1 - vl3-nse-2}
 * @param client the client's end
 * @param endpoint the endpoint's end
 * @param mtuBytes the MTU in bytes; 0: the data plane's choice
 * @param translation if the link lies inside of an address translation
 */
public record Link(
    LinkKey key,
    String title,
    LinkEnd client,
    LinkEnd endpoint,
    int mtuBytes,
    Optional<Translation> translation) {

  /** A link without address translation. */
  public Link(LinkKey key, String title, LinkEnd client, LinkEnd endpoint, int mtuBytes) {
    this(key, title, client, endpoint, mtuBytes, Optional.empty());
  }

  /** This link inside of an address translation. */
  public Link withTranslation(Translation changed) {
    return new Link(key, title, client, endpoint, mtuBytes, Optional.of(changed));
  }
}
