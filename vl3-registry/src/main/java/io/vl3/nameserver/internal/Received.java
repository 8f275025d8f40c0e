package io.vl3.nameserver.internal;

import java.io.IOException;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A message that came in: a question that we may answer, or one that is refused at once. */
sealed interface Received {

  /** A question in form. */
  record Query(Message message, Record question) implements Received {

    boolean recursionDesired() {
      return message.getHeader().getFlag(Flags.RD);
    }

    Optional<OPTRecord> edns() {
      return Optional.ofNullable(message.getOPT());
    }
  }

  /** One that gets this code and nothing else; with its question, if it could be read. */
  record Refused(Header header, int rcode, Optional<Record> question, Optional<OPTRecord> edns)
      implements Received {

    static Refused unread(Header header, int rcode) {
      return new Refused(header, rcode, Optional.empty(), Optional.empty());
    }

    static Refused of(Message message, int rcode) {
      return new Refused(
          message.getHeader(),
          rcode,
          Optional.ofNullable(message.getQuestion()),
          Optional.ofNullable(message.getOPT()));
    }
  }

  /**
   * Reads a message; empty if it shall not be answered at all: it is too short to have an id, or an
   * answer itself, and answering those would let two servers talk for ever.
   */
  static Optional<Received> read(byte[] wire) {
    try {
      Header header = new Header(wire);
      return header.getFlag(Flags.QR) ? Optional.empty() : Optional.of(read(header, wire));
    } catch (IOException tooShort) {
      return Optional.empty();
    }
  }

  private static Received read(Header header, byte[] wire) {
    if (header.getOpcode() != Opcode.QUERY) {
      return Refused.unread(header, Rcode.NOTIMP);
    }
    try {
      return judged(new Message(wire));
    } catch (IOException | RuntimeException malformed) {
      // dnsjava throws both for bytes that are no message.
      return Refused.unread(header, Rcode.FORMERR);
    }
  }

  private static Received judged(Message message) {
    if (message.getHeader().getCount(Section.QUESTION) != 1) {
      return Refused.of(message, Rcode.FORMERR);
    }
    Query query = new Query(message, message.getQuestion());
    if (query.edns().filter(opt -> opt.getVersion() > 0).isPresent()) {
      return Refused.of(message, Rcode.BADVERS);
    }
    Record question = query.question();
    return question.getDClass() == DClass.IN && isOfRecords(question.getType())
        ? query
        : Refused.of(message, Rcode.REFUSED);
  }

  /**
   * Not a transfer of zones, nor anything else that is no record's type (RFC 6895, section 3.1).
   */
  private static boolean isOfRecords(int type) {
    return type == Type.ANY || (type > 0 && type < 128) || type > 255;
  }
}
