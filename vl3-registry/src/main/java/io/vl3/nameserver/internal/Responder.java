package io.vl3.nameserver.internal;

import io.vl3.nameserver.NameServerSettings.Limits;
import io.vl3.nameserver.internal.Received.Query;
import java.net.InetAddress;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Answers questions, whichever way they came. Thread-safe. */
final class Responder {

  private final LocalAnswers local;
  private final AskPeers peers;
  private final Shares forwarded;

  Responder(LocalAnswers local, AskPeers peers, Limits limits) {
    this.local = local;
    this.peers = peers;
    this.forwarded = new Shares(limits.forwarded(), limits.forwardedOfOne());
  }

  /** The answer that needs nobody else; empty if the peers have to be asked. */
  Optional<Message> atOnce(Query query) {
    return known(query).or(() -> unknown(query));
  }

  /** The answer that the table alone has. */
  Optional<Message> known(Query query) {
    return local.known(query);
  }

  /**
   * The answer about a name that is not in the table; empty if the peers have to be asked.
   * Questions of peers' servers (RD off) never do, nor does what no peer can know.
   */
  Optional<Message> unknown(Query query) {
    boolean ask = query.recursionDesired() && local.peersMayKnow(query);
    return ask ? Optional.empty() : Optional.of(local.unknown(query));
  }

  /** Takes a place among the questions that are with peers; false if there is none. */
  boolean tryBegin(InetAddress source) {
    return forwarded.tryTake(source);
  }

  /** Gives a place back without having asked. */
  void giveUp(InetAddress source) {
    forwarded.giveBack(source);
  }

  /** Asks the peers and gives the place back. Blocks for the peers' time at most. */
  Message afterAsking(Query query, InetAddress source) {
    try {
      PeerAnswer answer = peers.ask(query.question());
      if (answer instanceof PeerAnswer.Found found) {
        return found.records().isEmpty()
            ? local.withoutRecords(query)
            : Replies.answer(query, false, found.records());
      }
      return answer instanceof PeerAnswer.Unknown ? local.unknown(query) : cannotTell(query);
    } finally {
      forwarded.giveBack(source);
    }
  }

  /** That we cannot tell now. */
  Message cannotTell(Query query) {
    return Replies.code(query, Rcode.SERVFAIL);
  }
}
