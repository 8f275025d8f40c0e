package io.vl3.nameserver.internal;

import io.vl3.measure.Counter;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import java.util.Map;
import java.util.stream.Collectors;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Counts answered questions of one transport by outcome. Thread-safe. */
final class Questions {

  private static final String OTHER = "other";

  private static final Map<Integer, String> OUTCOMES =
      Map.of(
          Rcode.NXDOMAIN, "no_name",
          Rcode.REFUSED, "refused",
          Rcode.SERVFAIL, "failed",
          Rcode.FORMERR, "malformed");

  private final Counter answered;
  private final Counter withoutRecords;
  private final Map<Integer, Counter> errors;
  private final Counter other;

  Questions(Meter meter, String transport) {
    answered = meter.counter(Measure.NAME_QUESTIONS, transport, "answered");
    withoutRecords = meter.counter(Measure.NAME_QUESTIONS, transport, "no_records");
    errors =
        OUTCOMES.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    each -> meter.counter(Measure.NAME_QUESTIONS, transport, each.getValue())));
    other = meter.counter(Measure.NAME_QUESTIONS, transport, OTHER);
  }

  /** One was answered so. */
  void answered(Message reply) {
    counter(reply).add();
  }

  /** Counts those with the reply's outcome. */
  Counter counter(Message reply) {
    int code = reply.getHeader().getRcode();
    if (code == Rcode.NOERROR && reply.getRcode() == Rcode.NOERROR) {
      return reply.getSection(Section.ANSWER).isEmpty() ? withoutRecords : answered;
    }
    return errors.getOrDefault(code, other);
  }
}
