package io.vl3.nameserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.LogLines;
import io.vl3.connection.ConnectionId;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.dns.PeerServers;
import io.vl3.links.SocketPlace;
import io.vl3.measure.Meter;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.NameServerSettings.Limits;
import io.vl3.net.IpAddress;
import io.vl3.nsm.Eventually;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** TCP connections of good and bad clients, from loopback addresses of their own. */
class TcpServiceTest {

  private static final Limits LIMITS = Limits.DEFAULT.withConnections(4, 2);

  private final NameTable names = new NameTable();
  private final FakeTimer timer = new FakeTimer();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicInteger attempts = new AtomicInteger();
  private final ServerSocket listener = new Exhaustible();
  private final TcpService service = serve();

  TcpServiceTest() throws IOException {}

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    service.close();
    Eventually.until("all gone", () -> service.size() == 0);
    executor.shutdownNow();
    Eventually.until("nothing waits", () -> timer.pending() == 0);
  }

  @Test
  void aConnection_takesSeveralQuestions_andIsCounted() throws Exception {
    Socket one = connect("127.0.0.2");
    for (int i = 0; i < 3; i++) {
      assertThat(askOn(one)).isEqualTo(Rcode.REFUSED);
    }
    assertThat(service.size()).isEqualTo(1);
    one.close();
    Eventually.until("gone", () -> service.size() == 0);
  }

  /** A byte now and then is no question: the time is for the whole of it. */
  @Test
  void aTricklingConnection_isClosed_whenItsTimeIsOver() throws Exception {
    Socket slow = connect("127.0.0.2");
    byte[] question = framed();
    Duration step = LIMITS.connectionTimeout().dividedBy(5);
    Eventually.until("its time runs", () -> timer.pending() == 1);
    for (int i = 0; i < 4; i++) {
      slow.getOutputStream().write(question[i]);
      timer.advance(step);
      assertThat(service.size()).isEqualTo(1);
    }
    timer.advance(step);
    assertClosed(slow);
    Eventually.until("gone", () -> service.size() == 0);
  }

  @Test
  void oneThatDoesNotTakeItsAnswers_isClosedToo() throws Exception {
    List<IpAddress> many =
        IntStream.range(0, 250).mapToObj(i -> IpAddress.parse("10.0.0." + i)).toList();
    names.put(new ConnectionId("many"), List.of(DnsName.parse("x.example")), many);
    Socket greedy = connect("127.0.0.2");
    executor.execute(() -> sendForEver(greedy));
    Eventually.until(
        "closed",
        () -> {
          timer.advance(Duration.ofSeconds(1));
          return service.size() == 0;
        });
  }

  @Test
  void waitingConnections_shutOutNobody_howeverManyThereAre() throws Exception {
    trickle();
    Socket good = connect("127.0.0.99");
    assertThat(askOn(good)).isEqualTo(Rcode.REFUSED);
    trickle();
    assertThat(askOn(good)).isEqualTo(Rcode.REFUSED);
    assertThat(service.size()).isLessThanOrEqualTo(4);
  }

  @Test
  void ofOneSource_whoHasWaitedLongest_makesRoom() throws Exception {
    Socket one = connect("127.0.0.2");
    Socket two = connect("127.0.0.2");
    assertThat(askOn(one)).isEqualTo(Rcode.REFUSED);
    assertThat(askOn(two)).isEqualTo(Rcode.REFUSED);
    assertThat(askOn(one)).isEqualTo(Rcode.REFUSED);
    assertThat(askOn(connect("127.0.0.2"))).isEqualTo(Rcode.REFUSED);
    assertClosed(two);
    assertThat(askOn(one)).isEqualTo(Rcode.REFUSED);
  }

  /** A few seconds without descriptors are not the end, nor thousands of lines. */
  @Test
  void withoutDescriptors_itPauses_saysItOnce_andGoesOn() throws Exception {
    try (LogLines log = LogLines.of("io.vl3.nameserver")) {
      full.set(true);
      connect("127.0.0.2"); // What accept comes back with if it blocks already; else it waits too.
      Eventually.until("it fails", () -> attempts.get() > 0);
      Socket waiting = connect("127.0.0.2");
      for (int i = 0; i < 1000; i++) {
        Eventually.until("it pauses", () -> timer.pending() == 1);
        timer.advance(timer.untilNext());
      }
      assertThat(attempts).hasValueBetween(1000, 1003);
      Eventually.until("it pauses", () -> timer.pending() == 1);
      full.set(false);
      timer.advance(timer.untilNext());
      Eventually.until("served again", () -> service.size() > 0);
      assertThat(askOn(waiting)).isEqualTo(Rcode.REFUSED);
      timer.advance(Duration.ofSeconds(5));
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0))
          .matches("name server .*: TCP connections cannot be taken: Too many open files; .*");
      assertThat(log.lines().get(1))
          .matches("name server .*: TCP connections are taken again after .*");
    }
  }

  private TcpService serve() throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    NameServerSettings settings = NameServerSettings.DEFAULT.withLimits(LIMITS);
    Zone zone = new Zone(names, List.of(), List::of);
    Responder responder =
        new Responder(
            new LocalAnswers(zone, settings),
            new AskPeers(new PeerServers(), settings, SocketPlace.HERE, timer, new Random(1)),
            LIMITS);
    TcpService made =
        new TcpService(
            listener, responder, LIMITS, executor, timer, new Questions(Meter.NONE, "tcp"));
    executor.execute(made::run);
    return made;
  }

  private void trickle() throws IOException {
    for (int i = 0; i < 100; i++) {
      Socket slow = connect("127.0.0." + (2 + i % 2));
      try {
        slow.getOutputStream().write(1);
      } catch (IOException closedAlready) {
        // Another one has its place.
      }
    }
  }

  private Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    opened.push(socket);
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(listener.getLocalSocketAddress());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static int askOn(Socket socket) throws IOException {
    TcpExchange.write(socket, TestServer.query("x.example", Type.A).toWire());
    return new Message(TcpExchange.read(socket)).getRcode();
  }

  private static byte[] framed() throws IOException {
    byte[] question = TestServer.query("x.example", Type.A).toWire();
    byte[] framed = new byte[question.length + 2];
    framed[1] = (byte) question.length;
    System.arraycopy(question, 0, framed, 2, question.length);
    return framed;
  }

  private static void sendForEver(Socket socket) {
    try {
      byte[] question = framed();
      while (true) {
        socket.getOutputStream().write(question);
      }
    } catch (IOException closed) {
      // That is what is waited for.
    }
  }

  private static void assertClosed(Socket socket) {
    assertThatThrownBy(() -> askOn(socket))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
  }

  /** A listener of a process that may have no descriptor left. */
  private final class Exhaustible extends ServerSocket {

    Exhaustible() throws IOException {}

    @Override
    public Socket accept() throws IOException {
      Socket accepted = full.get() ? none() : super.accept();
      if (full.get()) {
        accepted.close();
        return none();
      }
      return accepted;
    }

    private Socket none() throws SocketException {
      attempts.incrementAndGet();
      throw new SocketException("Too many open files");
    }
  }
}
