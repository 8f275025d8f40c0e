package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MonitorOverGrpcTest {

  private final InProcess inProcess = new InProcess();
  private final Source source = new Source();
  private final Watcher watcher = new Watcher();

  @AfterEach
  void stop() {
    inProcess.close();
  }

  @Test
  void events_arriveInOrder_untilTheWatchIsClosed() throws Exception {
    var watch = watch(MonitorServer.Rule.EVERYTHING);
    source.tell(ConnectionEvent.Type.INITIAL_STATE_TRANSFER);
    source.tell(ConnectionEvent.Type.UPDATE, "a", "b");
    assertThat(watcher.next()).isEqualTo("INITIAL_STATE_TRANSFER []");
    assertThat(watcher.next()).isEqualTo("UPDATE [a]");
    assertThat(watcher.next()).isEqualTo("UPDATE [b]");
    source.tell(ConnectionEvent.Type.DELETE, "a");
    assertThat(watcher.next()).isEqualTo("DELETE [a]");
    watch.close();
    assertThat(source.closed.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(watcher.events).isEmpty();
  }

  @Test
  void aCallerSeesOnlyWhatTheRuleAllows_andWhatItWasShownGo() throws Exception {
    CountDownLatch hidden = new CountDownLatch(1);
    watch((caller, connection) -> hidden.getCount() > 0 && isA(connection));
    source.tell(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, "b");
    source.tell(ConnectionEvent.Type.UPDATE, "a", "b");
    source.tell(ConnectionEvent.Type.DELETE, "b");
    assertThat(watcher.next()).isEqualTo("INITIAL_STATE_TRANSFER []");
    assertThat(watcher.next()).isEqualTo("UPDATE [a]");
    hidden.countDown();
    source.tell(ConnectionEvent.Type.DELETE, "a", "b");
    assertThat(watcher.next()).isEqualTo("DELETE [a]");
  }

  @Test
  void ownedIn_showsTheOwnersConnectionsOnly() throws Exception {
    FakeTimer timer = new FakeTimer();
    EndpointRunner runner =
        new EndpointRunner(
            (request, session, next) -> next.request(request),
            Runnable::run,
            timer,
            Duration.ofSeconds(1));
    Connection made =
        Connection.to("vl3")
            .withId(new ConnectionId("mine"))
            .withPath(new Path(0, List.of(PathSegment.of("client", "mine"))));
    Caller owner = new Caller("uid:1");
    runner.request(ConnectionRequest.of(made), owner, Deadline.after(Duration.ofSeconds(1), timer));
    MonitorServer.Rule rule = MonitorServer.Rule.ownedIn(runner);
    assertThat(rule.mayWatch(owner, made)).isTrue();
    assertThat(rule.mayWatch(new Caller("uid:2"), made)).isFalse();
    assertThat(rule.mayWatch(owner, Connection.to("vl3"))).isFalse();
  }

  @Test
  void theRuleIsToldTheCaller() throws Exception {
    BlockingQueue<Caller> callers = new LinkedBlockingQueue<>();
    watch((caller, connection) -> callers.add(caller));
    source.tell(ConnectionEvent.Type.UPDATE, "a");
    assertThat(callers.poll(60, TimeUnit.SECONDS)).isEqualTo(Caller.ANONYMOUS);
  }

  @Test
  void aClientThatDoesNotRead_isEndedWithExhausted() throws Exception {
    watcher.block();
    watch(MonitorServer.Rule.EVERYTHING);
    for (int i = 0; i < 3_000; i++) {
      source.tell(ConnectionEvent.Type.UPDATE, "a" + "x".repeat(1000) + i);
    }
    assertThat(source.closed.await(60, TimeUnit.SECONDS)).isTrue();
    watcher.unblock();
    assertThat(watcher.end().reason()).isEqualTo(Reason.EXHAUSTED);
  }

  @Test
  void aClientThatDoesNotRead_learnsTheLatestOfEachConnection_whenItDoes() throws Exception {
    watcher.block();
    watch(MonitorServer.Rule.EVERYTHING);
    source.tell(ConnectionEvent.Type.INITIAL_STATE_TRANSFER);
    for (int i = 0; i < 3_000; i++) {
      source.tell(ConnectionEvent.Type.UPDATE, "a" + "x".repeat(1000));
    }
    source.tell(ConnectionEvent.Type.DELETE, "a" + "x".repeat(1000));
    watcher.unblock();
    String last = "";
    while (!last.startsWith("DELETE")) {
      last = watcher.next();
    }
    assertThat(watcher.events).isEmpty();
    assertThat(watcher.ends).isEmpty();
  }

  /** Bytes bound before the count does: five hundred deletions of connections of 3 KB. */
  @Test
  void whatWaits_isBoundedInBytes() throws Exception {
    watcher.block();
    watch(MonitorServer.Rule.EVERYTHING);
    for (int i = 0; i < 500; i++) {
      source.tell(ConnectionEvent.Type.DELETE, "a" + "x".repeat(3_000) + i);
    }
    assertThat(source.closed.await(60, TimeUnit.SECONDS)).isTrue();
    watcher.unblock();
    assertThat(watcher.end().reason()).isEqualTo(Reason.EXHAUSTED);
  }

  @Test
  void theFirstEvent_isNotLongerThanClientsTake() throws Exception {
    watch(MonitorServer.Rule.EVERYTHING);
    String[] ids = IntStream.range(0, 200).mapToObj(i -> "c" + i).toArray(String[]::new);
    source.tell(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, ids);
    assertThat(watcher.next()).startsWith("INITIAL_STATE_TRANSFER [");
    for (int i = 64; i < 200; i++) {
      assertThat(watcher.next()).isEqualTo("UPDATE [c" + i + "]");
    }
  }

  @Test
  void aMonitorThatEnds_isUnavailable_neverCancelled() throws Exception {
    watch(MonitorServer.Rule.EVERYTHING);
    source.listener().onEnd(new EndpointException(Reason.CANCELLED, "gone"));
    assertThat(watcher.end().reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  private ConnectionMonitor.Subscription watch(MonitorServer.Rule rule) throws Exception {
    return new RemoteMonitor(inProcess.serve(new MonitorServer(source, rule)))
        .monitor(MonitorSelector.ALL, watcher);
  }

  private static boolean isA(Connection connection) {
    return connection.requireId().value().equals("a");
  }

  /** Tells what the test says. */
  private static final class Source implements ConnectionMonitor {
    private final BlockingQueue<Listener> listeners = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public Subscription monitor(MonitorSelector selector, Listener listener) {
      listeners.add(listener);
      return closed::countDown;
    }

    Listener listener() throws InterruptedException {
      Listener listener = listeners.poll(60, TimeUnit.SECONDS);
      assertThat(listener).isNotNull();
      listeners.add(listener);
      return listener;
    }

    void tell(ConnectionEvent.Type type, String... ids) throws InterruptedException {
      List<Connection> connections =
          List.of(ids).stream()
              .map(id -> Connection.to("vl3").withId(new ConnectionId(id)))
              .toList();
      listener().onEvent(new ConnectionEvent(type, connections));
    }
  }

  /** Keeps what it is told, as text. */
  private static final class Watcher implements ConnectionMonitor.Listener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<EndpointException> ends = new LinkedBlockingQueue<>();
    private CountDownLatch open = new CountDownLatch(0);

    void block() {
      open = new CountDownLatch(1);
    }

    void unblock() {
      open.countDown();
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      try {
        open.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      events.add(
          event.type()
              + " "
              + event.connections().stream().map(c -> c.requireId().value()).sorted().toList());
    }

    @Override
    public void onEnd(Throwable cause) {
      ends.add((EndpointException) cause);
    }

    String next() throws InterruptedException {
      return events.poll(60, TimeUnit.SECONDS);
    }

    EndpointException end() throws InterruptedException {
      EndpointException end = ends.poll(60, TimeUnit.SECONDS);
      assertThat(end).isNotNull();
      return end;
    }
  }
}
