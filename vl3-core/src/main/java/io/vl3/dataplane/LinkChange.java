package io.vl3.dataplane;

/** One change of the wanted links. */
public sealed interface LinkChange {

  /** The link's key. */
  LinkKey key();

  /** The link shall be as given, whether it exists or not. */
  record Put(Link link) implements LinkChange {
    @Override
    public LinkKey key() {
      return link.key();
    }
  }

  /** The link shall not be; no error if it is not. */
  record Remove(LinkKey key) implements LinkChange {}
}
