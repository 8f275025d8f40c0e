package io.vl3.nameserver;

import io.vl3.nameserver.Received.Query;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Answers questions, whichever way they came. Thread-safe. */
final class Responder {

  private final LocalAnswers local;
  private final AskPeers peers;
  private final Semaphore forwarded;

  Responder(LocalAnswers local, AskPeers peers, int forwarded) {
    this.local = local;
    this.peers = peers;
    this.forwarded = new Semaphore(forwarded);
  }

  /**
   * The answer that needs nobody else; empty if the peers have to be asked. Questions of peers'
   * servers (RD off) never do.
   */
  Optional<Message> atOnce(Query query) {
    Optional<Message> known = local.known(query);
    return known.isPresent() || query.recursionDesired()
        ? known
        : Optional.of(local.unknown(query));
  }

  /** Takes a place among the questions that are with peers; false if there is none. */
  boolean tryBegin() {
    return forwarded.tryAcquire();
  }

  /** Asks the peers and gives the place back. Blocks for the peers' time at most. */
  Message afterAsking(Query query) {
    try {
      PeerAnswer answer = peers.ask(query.question());
      if (answer instanceof PeerAnswer.Found found) {
        return Replies.answer(query, false, found.records());
      }
      return answer instanceof PeerAnswer.Unknown ? local.unknown(query) : cannotTell(query);
    } finally {
      forwarded.release();
    }
  }

  /** That we cannot tell now. */
  Message cannotTell(Query query) {
    return Replies.code(query, Rcode.SERVFAIL);
  }
}
