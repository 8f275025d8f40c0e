package io.vl3.nameserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.measure.Measure;
import io.vl3.measure.Series;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Questions are counted by the way that they came and by what was answered. */
class QuestionsTest {

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
    server.name("nsc.vl3", "10.0.0.1");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void eachQuestion_isCountedOnce_byItsOutcome() throws Exception {
    server.ask("nsc.vl3", Type.A);
    server.ask("nsc.vl3", Type.A);
    server.ask("nsc.vl3", Type.TXT);
    server.ask("nobody.vl3", Type.A);
    server.ask("example.com", Type.A);
    server.raw(truncated(TestServer.query("nsc.vl3", Type.A)));
    server.send(ofAnotherVersion(TestServer.query("nsc.vl3", Type.A)));
    server.sendTcp(TestServer.query("nsc.vl3", Type.A));
    server.sendTcp(TestServer.query("nobody.vl3", Type.A));
    assertThat(counts())
        .isEqualTo(
            Map.of(
                "udp answered", 2L,
                "udp no_records", 1L,
                "udp no_name", 1L,
                "udp refused", 1L,
                "udp malformed", 1L,
                "udp other", 1L,
                "tcp answered", 1L,
                "tcp no_name", 1L));
  }

  /** A header that promises a question, and nothing after it. */
  private static byte[] truncated(Message query) {
    byte[] header = new byte[12];
    System.arraycopy(query.toWire(), 0, header, 0, header.length);
    return header;
  }

  private static Message ofAnotherVersion(Message query) {
    query.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
    return query;
  }

  private Map<String, Long> counts() {
    return server.measurements.series().stream()
        .filter(Series.Counted.class::isInstance)
        .map(Series.Counted.class::cast)
        .filter(one -> one.measure() == Measure.NAME_QUESTIONS && one.counter().value() > 0)
        .collect(
            Collectors.toMap(one -> String.join(" ", one.values()), one -> one.counter().value()));
  }
}
