package io.vl3.nameserver.internal;

import java.util.List;
import org.xbill.DNS.Record;

/** The outcome of asking the peers' servers. */
sealed interface PeerAnswer {

  /** One knows the name; the records may be none. */
  record Found(List<Record> records) implements PeerAnswer {

    /** Copies the list. */
    public Found {
      records = List.copyOf(records);
    }
  }

  /** All have answered, and none knows it. */
  record Unknown() implements PeerAnswer {}

  /** Nobody knows it, but not all have answered: it may well exist. */
  record Undecided() implements PeerAnswer {}
}
