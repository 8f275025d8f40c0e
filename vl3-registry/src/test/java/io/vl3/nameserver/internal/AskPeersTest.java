package io.vl3.nameserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.LogLines;
import io.vl3.connection.ConnectionId;
import io.vl3.dns.PeerServers;
import io.vl3.dns.PeerServers.PeerServer;
import io.vl3.links.SocketPlace;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.NameServerSettings.Limits;
import io.vl3.net.IpAddress;
import io.vl3.nsm.Eventually;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
    assertThat(asked.getQuestion().getName()).hasToString("B.vl3.");
    assertThat(NameServerTest.answers(server.sendTcp(TestServer.query("b.vl3", Type.A))))
        .containsExactly("b.vl3. 10 A 10.0.2.1");
  }

  @Test
  void aNameWithoutSuchRecords_isKnownToo_andMayBeKeptAsShortlyAsOurs() throws Exception {
    FakePeer knows = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NOERROR));
    TestServer server = server(knows.port(), TestServer.LONG, "127.0.0.2");
    Message answer = server.ask("b.vl3", Type.AAAA);
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(NameServerTest.answers(answer)).isEmpty();
    assertThat(NameServerTest.authority(answer)).containsExactly("vl3. 2 SOA");
    assertThat(answer.getHeader().getFlag(Flags.AA)).isFalse();
  }

  @Test
  void theDomainItself_isOurs_andNobodyIsAsked() throws Exception {
    FakePeer knows = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NOERROR));
    TestServer server = server(knows.port(), TestServer.LONG, "127.0.0.2");
    Message answer = server.ask("vl3", Type.A);
    assertThat(NameServerTest.authority(answer)).containsExactly("vl3. 2 SOA");
    assertThat(knows.asked).isEmpty();
  }

  /** As one that knows only the IPv4 address of a name, and another an IPv6 address. */
  @Test
  void anEarlyEmptyAnswer_doesNotBeatRecords() throws Exception {
    FakePeer empty = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NOERROR));
    Record record = FakePeer.record("b.vl3", Type.A, 5, "10.0.2.1");
    opened(
        FakePeer.at(
            "127.0.0.3",
            empty.port(),
            query -> {
              Eventually.until("the other has answered", () -> !empty.asked.isEmpty());
              return List.of(FakePeer.answer(query, Rcode.NOERROR, record));
            }));
    TestServer server = server(empty.port(), TestServer.LONG, "127.0.0.2", "127.0.0.3");
    assertThat(NameServerTest.answers(server.ask("b.vl3", Type.A)))
        .containsExactly("b.vl3. 5 A 10.0.2.1");
  }

  @Test
  void anEmptyAnswer_waitsNoLongerThanARoundForTheSilent() throws Exception {
    FakePeer empty = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NOERROR));
    FakePeer silent = opened(FakePeer.silent("127.0.0.3", empty.port()));
    TestServer server = server(empty.port(), SHORT, "127.0.0.2", "127.0.0.3");
    assertThat(server.ask("b.vl3", Type.AAAA).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(silent.asked).hasSizeLessThanOrEqualTo(1);
  }

  /** NSM's own servers compare letter by letter, and keep the capitals of labels. */
  @Test
  void capitals_areAskedForAsTheyAre_andThenInLowerCase() throws Exception {
    FakePeer literal =
        opened(
            FakePeer.at(
                "127.0.0.2",
                0,
                query ->
                    switch (query.getQuestion().getName().toString()) {
                      case "Capital.vl3." ->
                          List.of(
                              FakePeer.answer(
                                  query,
                                  Rcode.NOERROR,
                                  FakePeer.record("Capital.vl3", Type.A, 5, "10.0.2.1")));
                      case "small.vl3." ->
                          List.of(
                              FakePeer.answer(
                                  query,
                                  Rcode.NOERROR,
                                  FakePeer.record("small.vl3", Type.A, 5, "10.0.2.2")));
                      default -> List.of(FakePeer.answer(query, Rcode.SERVFAIL));
                    }));
    TestServer server = server(literal.port(), TestServer.LONG, "127.0.0.2");
    assertThat(NameServerTest.answers(server.ask("Capital.vl3", Type.A)))
        .containsExactly("Capital.vl3. 5 A 10.0.2.1");
    assertThat(NameServerTest.answers(server.ask("sMALl.Vl3", Type.A)))
        .containsExactly("sMALl.Vl3. 5 A 10.0.2.2");
    assertThat(server.ask("capital.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(server.ask("Nobody.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void peersAreAskedOnly_forWholeNamesOfOurDomains_andWholeAddresses() throws Exception {
    FakePeer peer = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NXDOMAIN));
    TestServer server = server(peer.port(), TestServer.LONG, "127.0.0.2");
    String whole = "1.2.0.192.in-addr.arpa";
    String whole6 = "1" + ".0".repeat(23) + ".8.b.d.0.1.0.0.2.ip6.arpa";
    for (String name : List.of("b.vl3", "b.c.vl3", whole, whole6)) {
      server.ask(name, Type.PTR);
    }
    for (String name :
        List.of(
            "",
            "vl3",
            "example.com",
            "odd\\032name.vl3",
            "\\000.vl3",
            "b\\.vl3",
            "arpa",
            "in-addr.arpa",
            "10.in-addr.arpa",
            "0.0.10.in-addr.arpa",
            "5.1.0.0.10.in-addr.arpa",
            "01.0.0.10.in-addr.arpa",
            "256.0.0.10.in-addr.arpa",
            "a.0.0.10.in-addr.arpa",
            "ip6.arpa",
            "8.b.d.0.1.0.0.2.ip6.arpa",
            "g" + whole6.substring(1),
            "0." + whole6)) {
      server.ask(name, Type.PTR);
    }
    assertThat(peer.asked.stream().map(query -> query.getQuestion().getName().toString(true)))
        .containsExactly("b.vl3", "b.c.vl3", whole, whole6);
  }

  @Test
  void ofOneSource_notAllPlacesForQuestionsAreTaken() throws Exception {
    Shares shares = new Shares(4, 2);
    InetAddress one = InetAddress.getByName("10.0.0.1");
    InetAddress other = InetAddress.getByName("10.0.0.2");
    assertThat(shares.tryTake(one)).isTrue();
    assertThat(shares.tryTake(one)).isTrue();
    assertThat(shares.tryTake(one)).isFalse();
    assertThat(shares.tryTake(other)).isTrue();
    assertThat(shares.tryTake(other)).isTrue();
    assertThat(shares.tryTake(InetAddress.getByName("10.0.0.3"))).isFalse();
    shares.giveBack(other);
    assertThat(shares.tryTake(one)).isFalse();
    assertThat(shares.tryTake(InetAddress.getByName("10.0.0.3"))).isTrue();
  }

  /** A workload without descriptors is told so at each question; the log is told once. */
  @Test
  void withoutDescriptors_oneLineIsLogged_andNoNameOfAnybody() throws Exception {
    FakeTimer clock = new FakeTimer();
    AtomicBoolean full = new AtomicBoolean(true);
    PeerServers servers = new PeerServers();
    servers.put(new ConnectionId("link"), new PeerServer(IpAddress.parse("127.0.0.2"), false));
    FakePeer peer = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NXDOMAIN));
    AskPeers asking =
        new AskPeers(
            servers,
            NameServerSettings.DEFAULT.withPorts(0, peer.port()).withPeerTimeout(TestServer.LONG),
            new SocketPlace() {
              @Override
              public <T> T call(Callable<T> opening) throws Exception {
                if (full.get()) {
                  throw new SocketException("Too many open files");
                }
                return opening.call();
              }
            },
            clock,
            new Random(5));
    try (LogLines log = LogLines.of("io.vl3.nameserver")) {
      Record question = TestServer.query("x\\010\\027[2Jforged.vl3", Type.A).getQuestion();
      for (int i = 0; i < 100; i++) {
        assertThat(asking.ask(question)).isInstanceOf(PeerAnswer.Undecided.class);
      }
      full.set(false);
      clock.advance(Duration.ofSeconds(3));
      assertThat(asking.ask(question)).isInstanceOf(PeerAnswer.Unknown.class);
      assertThat(log.lines())
          .containsExactly(
              "peers' name servers: not asked: java.net.SocketException: Too many open files",
              "peers' name servers: asked again after 3.0 s");
    }
  }

  @Test
  void ifNobodyKnows_itDoesNotExist_butWithoutAllAnswersNobodyCanTell() throws Exception {
    FakePeer one = opened(FakePeer.answering("127.0.0.2", 0, Rcode.NXDOMAIN));
    // As NSM's own vL3 says that it does not know.
    opened(FakePeer.answering("127.0.0.3", one.port(), Rcode.SERVFAIL));
    TestServer server = server(one.port(), TestServer.LONG, "127.0.0.2", "127.0.0.3");
    assertThat(server.ask("b.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
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
                    .withLimits(Limits.DEFAULT.withForwarded(1, 1))));
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
