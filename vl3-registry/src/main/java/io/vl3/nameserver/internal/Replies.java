package io.vl3.nameserver.internal;

import io.vl3.nameserver.internal.Received.Query;
import io.vl3.nameserver.internal.Received.Refused;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Builds answers and writes them so that they fit. */
final class Replies {

  /** The packet size that passes every path without fragments (RFC 9715). */
  static final int UDP_BYTES = 1232;

  private static final int PLAIN_UDP_BYTES = 512;
  private static final int EXTENDED_CODE_BITS = 4;

  /** A record with a pointer for its name and no data. */
  private static final int LEAST_RECORD_BYTES = 12;

  private static final List<Integer> FLAGS =
      List.of((int) Flags.QR, (int) Flags.AA, (int) Flags.RD, (int) Flags.RA);

  /** The sections that an answer keeps when records are cut off: its question, and EDNS. */
  private static final List<Integer> COPIED = List.of(Section.QUESTION, Section.ADDITIONAL);

  private Replies() {}

  /** Records that we know ourselves, or have from who does. */
  static Message answer(Query query, boolean authoritative, List<Record> records) {
    Message reply = code(query, Rcode.NOERROR);
    if (authoritative) {
      reply.getHeader().setFlag(Flags.AA);
    }
    records.forEach(record -> reply.addRecord(record, Section.ANSWER));
    return reply;
  }

  /**
   * That there is nothing (RFC 2308).
   *
   * @param rcode NOERROR for a name with other records, NXDOMAIN for none
   * @param authoritative whether we know it ourselves
   * @param domain in which the name lies
   */
  static Message nothing(
      Query query, int rcode, boolean authoritative, Name domain, long ttlSeconds) {
    Message reply = code(query, rcode);
    if (authoritative) {
      reply.getHeader().setFlag(Flags.AA);
    }
    reply.addRecord(
        new SOARecord(
            domain, DClass.IN, ttlSeconds, domain, domain, 1, 3600, 600, 86_400, ttlSeconds),
        Section.AUTHORITY);
    return reply;
  }

  /** A code and no record. */
  static Message code(Query query, int rcode) {
    return code(query.message().getHeader(), rcode, Optional.of(query.question()), query.edns());
  }

  static Message code(Refused refused) {
    return code(refused.header(), refused.rcode(), refused.question(), refused.edns());
  }

  private static Message code(
      Header asked, int rcode, Optional<Record> question, Optional<OPTRecord> edns) {
    Message reply = new Message(asked.getID());
    reply.getHeader().setOpcode(asked.getOpcode());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setFlag(Flags.RA);
    if (asked.getFlag(Flags.RD)) {
      reply.getHeader().setFlag(Flags.RD);
    }
    reply.getHeader().setRcode(rcode & 0xf);
    question.ifPresent(record -> reply.addRecord(record, Section.QUESTION));
    edns.ifPresent(
        opt ->
            reply.addRecord(
                new OPTRecord(UDP_BYTES, rcode >> EXTENDED_CODE_BITS, 0), Section.ADDITIONAL));
    return reply;
  }

  /**
   * For a packet of the size that the asker said it takes. Records that do not fit are cut off
   * (TC), and no others: some askers, as musl before 1.2.4, take what came and do not ask by TCP.
   */
  static byte[] datagram(Message reply, Optional<OPTRecord> asked) {
    int bytes = asked.map(OPTRecord::getPayloadSize).orElse(PLAIN_UDP_BYTES);
    return fitting(reply, Math.max(PLAIN_UDP_BYTES, Math.min(bytes, UDP_BYTES)));
  }

  /** For a TCP connection. */
  static byte[] stream(Message reply) {
    return fitting(reply, Message.MAXLENGTH);
  }

  private static byte[] fitting(Message reply, int bytes) {
    byte[] whole = reply.toWire();
    if (whole.length <= bytes) {
      return whole;
    }
    int fits = 0;
    int tooMany = Math.min(reply.getSection(Section.ANSWER).size(), bytes / LEAST_RECORD_BYTES + 1);
    while (fits + 1 < tooMany) {
      int middle = (fits + tooMany) / 2;
      if (cut(reply, middle).length <= bytes) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return cut(reply, fits);
  }

  /** The message with its first answers only. */
  private static byte[] cut(Message reply, int answers) {
    Message cut = new Message(reply.getHeader().getID());
    // A header that is copied whole keeps its counts of records.
    cut.getHeader().setOpcode(reply.getHeader().getOpcode());
    cut.getHeader().setRcode(reply.getHeader().getRcode());
    FLAGS.stream().filter(reply.getHeader()::getFlag).forEach(cut.getHeader()::setFlag);
    cut.getHeader().setFlag(Flags.TC);
    COPIED.forEach(
        section -> reply.getSection(section).forEach(record -> cut.addRecord(record, section)));
    reply.getSection(Section.ANSWER).stream()
        .limit(answers)
        .forEach(record -> cut.addRecord(record, Section.ANSWER));
    return cut.toWire();
  }
}
