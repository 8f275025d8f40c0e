package io.vl3.nameserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.nsm.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a server learns of its peers' servers, each at a loopback address of its own. */
class AskPeersTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  @Test
  void theFirstWhoKnows_decides_andIsNotKeptLong() throws Exception {
    FakePeer knows =
        opened(
            FakePeer.answering(
                "127.0.0.2", 0, Rcode.NOERROR, FakePeer.record("b.vl3", Type.A, 3600, "10.0.2.1")));
    opened(FakePeer.silent("127.0.0.3", knows.port()));
    opened(FakePeer.answering("127.0.0.4", knows.port(), Rcode.NXDOMAIN));
    TestServer server =
        server(knows.port(), TestServer.LONG, "127.0.0.3", "127.0.0.4", "127.0.0.2");
    Message answer = server.ask("B.vl3", Type.A);
    assertThat(NameServerTest.answers(answer)).containsExactly("B.vl3. 10 A 10.0.2.1");
    assertThat(answer.getHeader().getFlag(Flags.AA)).isFalse();
    Message asked = knows.asked.get(0);
    assertThat(asked.getHeader().getFlag(Flags.RD)).isFalse();
    assertThat(asked.getQuestion().getName()).hasToString("b.vl3.");
    assertThat(NameServerTest.answers(server.sendTcp(TestServer.query("b.vl3", Type.A))))
        .containsExactly("b.vl3. 10 A 10.0.2.1");
  }

  @Test
  void aNameWithoutSuchRecords_isKnownToo() throws Exception {
    FakePeer knows = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NOERROR));
    TestServer server = server(knows.port(), TestServer.LONG, "127.0.0.2");
    Message answer = server.ask("b.vl3", Type.AAAA);
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(NameServerTest.answers(answer)).isEmpty();
  }

  @Test
  void ifNobodyKnows_itDoesNotExist_butWithoutAllAnswersNobodyCanTell() throws Exception {
    FakePeer one = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NXDOMAIN));
    // As NSM's own vL3 says that it does not know.
    opened(FakePeer.answering("127.0.0.3", one.port(), Rcode.SERVFAIL));
    TestServer server = server(one.port(), TestServer.LONG, "127.0.0.2", "127.0.0.3");
    assertThat(server.ask("b.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(server.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(server.ask("vl3", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);

    FakePeer silent = opened(FakePeer.silent("127.0.0.4", one.port()));
    TestServer waiting = server(one.port(), SHORT, "127.0.0.2", "127.0.0.3", "127.0.0.4");
    assertThat(waiting.ask("b.vl3", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    Eventually.until("asked three times", () -> silent.asked.size() == 3);
  }

  @Test
  void aLostPacket_isMadeUpFor() throws Exception {
    AtomicInteger packets = new AtomicInteger();
    Record record = FakePeer.record("b.vl3", Type.A, 5, "10.0.2.1");
    FakePeer forgetful =
        opened(
            FakePeer.at(
                "127.0.0.2",
                0,
                query ->
                    packets.incrementAndGet() < 2
                        ? List.of()
                        : List.of(FakePeer.answer(query, Rcode.NOERROR, record))));
    TestServer server = server(forgetful.port(), Duration.ofSeconds(6), "127.0.0.2");
    assertThat(NameServerTest.answers(server.ask("b.vl3", Type.A)))
        .containsExactly("b.vl3. 5 A 10.0.2.1");
  }

  @Test
  void whatIsNoAnswerToOurQuestion_isNotTakenForOne() throws Exception {
    Record wrong = FakePeer.record("b.vl3", Type.A, 5, "192.0.2.66");
    Record right = FakePeer.record("b.vl3", Type.A, 5, "10.0.2.1");
    Record beside = FakePeer.record("www.example.com", Type.A, 5, "192.0.2.66");
    FakePeer liar =
        opened(
            FakePeer.at(
                "127.0.0.2",
                0,
                query -> {
                  Message otherId = query.clone();
                  otherId.getHeader().setID(query.getHeader().getID() ^ 1);
                  return List.of(
                      new byte[] {1, 2, 3},
                      FakePeer.answer(otherId, Rcode.NOERROR, wrong),
                      query.toWire(),
                      FakePeer.answer(query, Rcode.NOERROR, right, beside));
                }));
    TestServer server = server(liar.port(), TestServer.LONG, "127.0.0.2");
    assertThat(NameServerTest.answers(server.ask("b.vl3", Type.A)))
        .containsExactly("b.vl3. 5 A 10.0.2.1");
  }

  @Test
  void anAnswerThatWasCutOff_isFetchedByTcp() throws Exception {
    Record part = FakePeer.record("b.vl3", Type.A, 5, "10.0.2.1");
    Record rest = FakePeer.record("b.vl3", Type.A, 5, "10.0.2.2");
    FakePeer cuts =
        opened(
            FakePeer.at(
                "127.0.0.2",
                0,
                query -> {
                  byte[] answer = FakePeer.answer(query, Rcode.NOERROR, part);
                  answer[2] |= 2; // TC
                  return List.of(answer);
                }));
    ServerSocket whole =
        opened(new ServerSocket(cuts.port(), 1, InetAddress.getByName("127.0.0.2")));
    var unused =
        CompletableFuture.runAsync(
            () -> {
              try (Socket connection = whole.accept()) {
                Message query = new Message(TcpExchange.read(connection));
                TcpExchange.write(connection, FakePeer.answer(query, Rcode.NOERROR, part, rest));
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
    TestServer server = server(cuts.port(), TestServer.LONG, "127.0.0.2");
    assertThat(server.ask("b.vl3", Type.A).getSection(Section.ANSWER)).hasSize(2);
  }

  /** Two that know each other, and know of nothing else, do not ask each other for ever. */
  @Test
  void questionsDoNotGoAround() throws Exception {
    TestServer one = opened(TestServer.start());
    TestServer two = server(one.port(), TestServer.LONG, "127.0.0.1");
    TestServer three = server(two.port(), TestServer.LONG, "127.0.0.1");
    assertThat(three.ask("nobody.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    one.name("one.vl3", "10.0.1.1");
    assertThat(two.ask("one.vl3", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    // What one knows, two would have to ask for; three does not make it do so.
    assertThat(three.ask("one.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    three.peer("127.0.0.1", true);
    assertThat(three.ask("one.vl3", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aHubThatCannotTell_isNotTakenForOneThatDoesNotKnow() throws Exception {
    FakePeer hub = opened(FakePeer.answering("127.0.0.2", 0, Rcode.SERVFAIL));
    TestServer spoke = server(hub.port(), TestServer.LONG);
    spoke.peer("127.0.0.2", true);
    assertThat(spoke.ask("b.vl3", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(hub.asked.get(0).getHeader().getFlag(Flags.RD)).isTrue();
  }

  @Test
  void moreQuestionsThanAllowed_failAtOnce_andLocalNamesDoNot() throws Exception {
    FakePeer silent = opened(FakePeer.silent("127.0.0.2", 0));
    TestServer server =
        opened(
            TestServer.start(
                NameServerSettings.DEFAULT
                    .withPorts(0, silent.port())
                    .withPeerTimeout(TestServer.LONG)
                    .withLimits(1, 4)));
    server.name("a.vl3", "10.0.0.1");
    server.peer("127.0.0.2", false);
    var unused =
        CompletableFuture.runAsync(
            () -> {
              try {
                server.ask("b.vl3", Type.A);
              } catch (IOException timeout) {
                // Nobody waits for it.
              }
            });
    Eventually.until("asked", () -> !silent.asked.isEmpty());
    assertThat(server.ask("c.vl3", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(server.ask("a.vl3", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  private TestServer server(int peerPort, Duration timeout, String... peers) throws IOException {
    TestServer server = opened(TestServer.start(peerPort, timeout));
    for (String peer : peers) {
      server.peer(peer, false);
    }
    return server;
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }
}
