package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor.Listener;
import io.vl3.connection.ConnectionMonitor.Subscription;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.LeakCheck;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("try") // a watch is there to be ended, not to be used
class ConnectionBoardTest {

  private final ChainRig rig = new ChainRig();
  private final ConnectionBoard board = new ConnectionBoard(rig.executor, 4);
  private final List<String> told = new ArrayList<>();
  private final List<Throwable> ends = new ArrayList<>();

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("board", () -> board.size() - rig.runner().size())
          .empty("watchers", board::watchers);

  {
    rig.run(
        Paths.named("nse", rig.timer, Duration.ofMinutes(10)),
        PublishConnection.on(board),
        FailAt.request(99));
  }

  @Test
  void watcher_seesInitialThenUpdateAndDeleteWithOurIdAndIndex() throws EndpointException {
    rig.request(rig.connection("a"));
    try (Subscription ignored = board.monitor(MonitorSelector.ALL, new Log())) {
      Connection b = rig.request(rig.connection("b"));
      rig.close(b);
      rig.executor.runAll();
    }
    assertThat(told)
        .containsExactly(
            "INITIAL_STATE_TRANSFER [nse-1@1 UP]", "UPDATE [nse-2@1 UP]", "DELETE [nse-2@1 UP]");
  }

  @Test
  void initial_ofNothing_isStillSent() {
    board.monitor(MonitorSelector.ALL, new Log()).close();
    try (Subscription ignored = board.monitor(MonitorSelector.ALL, new Log())) {
      rig.executor.runAll();
    }
    assertThat(told).containsExactly("INITIAL_STATE_TRANSFER []");
  }

  @Test
  void refresh_withNothingButNewTokens_tellsNobody() throws EndpointException {
    Connection made = rig.request(rig.connection("a"));
    try (Subscription ignored = board.monitor(MonitorSelector.ALL, new Log())) {
      rig.timer.advance(Duration.ofSeconds(5));
      rig.request(made);
      rig.executor.runAll();
    }
    assertThat(told).hasSize(1);
  }

  /** A token proves who somebody is, to whoever has it. */
  @Test
  void whoWatches_seesNoTokens_butWhenTheyEnd() throws EndpointException {
    List<Connection> seen = new ArrayList<>();
    Log log =
        new Log() {
          @Override
          public void onEvent(ConnectionEvent event) {
            seen.addAll(event.connections());
          }
        };
    try (Subscription ignored = board.monitor(MonitorSelector.ALL, log)) {
      rig.request(rig.connection("a"));
      rig.executor.runAll();
    }
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).path().segments())
        .extracting(PathSegment::token)
        .allSatisfy(
            token -> {
              assertThat(token).isPresent();
              assertThat(token.get().value()).isEmpty();
              assertThat(token.get().expires()).isAfter(rig.timer.instant());
            });
  }

  @Test
  void selectorById_hearsOnlyItsOwn() throws EndpointException {
    MonitorSelector one = new MonitorSelector(List.of(PathSegment.of("client", "b")), List.of());
    try (Subscription ignored = board.monitor(one, new Log())) {
      rig.request(rig.connection("a"));
      rig.request(rig.connection("b"));
      rig.executor.runAll();
    }
    assertThat(told).containsExactly("INITIAL_STATE_TRANSFER []", "UPDATE [nse-2@1 UP]");
  }

  @Test
  void limitedWatcher_hearsOnlyConnectionsOfItsCaller() throws EndpointException {
    rig.request(rig.connection("a"));
    try (Subscription other = board.monitor(MonitorSelector.ALL, new Caller("other"), new Log());
        Subscription mine = board.monitor(MonitorSelector.ALL, ChainRig.CALLER, new Log())) {
      rig.executor.runAll();
    }
    assertThat(told)
        .containsExactly("INITIAL_STATE_TRANSFER []", "INITIAL_STATE_TRANSFER [nse-1@1 UP]");
  }

  @Test
  void publishState_tellsDownUntilPostedAgain() throws EndpointException {
    Connection made = rig.request(rig.connection("a"));
    try (Subscription ignored = board.monitor(MonitorSelector.ALL, new Log())) {
      assertThat(board.publishState(new ConnectionId("nse-1"), ConnectionState.DOWN)).isTrue();
      rig.request(made);
      rig.executor.runAll();
    }
    assertThat(told)
        .containsExactly(
            "INITIAL_STATE_TRANSFER [nse-1@1 UP]", "UPDATE [nse-1@1 DOWN]", "UPDATE [nse-1@1 UP]");
  }

  @Test
  void failedRefresh_isToldAsDownByManagersAndNotByEndpoints() throws EndpointException {
    refreshFailingOn(PublishConnection.on(board));
    assertThat(told).containsExactly("INITIAL_STATE_TRANSFER [nse-1@1 UP]");
    told.clear();
    rig.close(rig.connection("a"));
    refreshFailingOn(PublishConnection.tellingFailures(board));
    assertThat(told)
        .containsExactly("INITIAL_STATE_TRANSFER [nse-1@1 UP]", "UPDATE [nse-1@1 DOWN]");
  }

  @Test
  void slowWatcher_isEndedAndToldToSubscribeAgain() throws EndpointException {
    board.monitor(MonitorSelector.ALL, new Log());
    for (int i = 0; i < 5; i++) {
      rig.request(rig.connection("c" + i));
    }
    rig.executor.runAll();
    assertThat(told).isEmpty();
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0)).hasMessageContaining("subscribe again");
    assertThat(((EndpointException) ends.get(0)).reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void watcherOfFewButHugeEvents_isEndedToo_andNothingStaysTaken() throws EndpointException {
    SharedMemory queued = new SharedMemory(200_000, 200_000);
    ConnectionBoard small = new ConnectionBoard(rig.executor, 1000, queued);
    small.monitor(MonitorSelector.ALL, new Log());
    for (int i = 0; i < 5; i++) {
      small.post(
          rig.connection("c" + i).withLabels(Map.of("l", "x".repeat(25_000))), ChainRig.CALLER);
    }
    rig.executor.runAll();
    assertThat(told).isEmpty();
    assertThat(ends).singleElement().asString().contains("subscribe again");
    assertThat(queued.used()).isZero();
  }

  @Test
  void whatIsTold_isGivenBack() throws EndpointException {
    SharedMemory queued = new SharedMemory(200_000, 200_000);
    ConnectionBoard small = new ConnectionBoard(rig.executor, 1000, queued);
    Subscription watch = small.monitor(MonitorSelector.ALL, new Log());
    for (int i = 0; i < 50; i++) {
      small.post(
          rig.connection("c" + i).withLabels(Map.of("l", "x".repeat(25_000))), ChainRig.CALLER);
      assertThat(queued.used()).isPositive();
      rig.executor.runAll();
      assertThat(queued.used()).isZero();
    }
    assertThat(told).hasSize(51);
    small.post(rig.connection("last"), ChainRig.CALLER);
    watch.close();
    assertThat(queued.used()).isZero();
  }

  @Test
  void closedWatch_hearsNothingMore() throws EndpointException {
    Subscription watch = board.monitor(MonitorSelector.ALL, new Log());
    watch.close();
    watch.close();
    rig.request(rig.connection("a"));
    rig.executor.runAll();
    assertThat(told).isEmpty();
    assertThat(ends).isEmpty();
  }

  private void refreshFailingOn(PublishConnection element) throws EndpointException {
    rig.run(Paths.named("nse", rig.timer, Duration.ofMinutes(10)), element, FailAt.request(2));
    Connection made = rig.request(rig.connection("a"));
    try (Subscription ignored = board.monitor(MonitorSelector.ALL, new Log())) {
      assertThatThrownBy(() -> rig.request(made)).hasMessageContaining("fault");
      rig.executor.runAll();
    }
  }

  /** Writes down what it is told. */
  private class Log implements Listener {
    @Override
    public void onEvent(ConnectionEvent event) {
      told.add(
          event.type()
              + " "
              + event.connections().stream()
                  .map(c -> c.requireId() + "@" + c.path().index() + " " + c.state())
                  .toList());
    }

    @Override
    public void onEnd(Throwable cause) {
      ends.add(cause);
    }
  }
}
