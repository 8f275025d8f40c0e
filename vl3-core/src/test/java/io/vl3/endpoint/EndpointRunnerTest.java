package io.vl3.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.vl3.LogLines;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.RequestLog;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;

class EndpointRunnerTest {

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private final List<String> log = new ArrayList<>();
  private final ChainRig rig = new ChainRig();
  private final Connection connection = rig.connection("c1");

  @Test
  void request_withoutId_getsOne() throws EndpointException {
    rig.run(new Recorder("a"));
    Connection answer = rig.request(Connection.to("service"));
    assertThat(answer.id()).isPresent();
    rig.close(answer);
    assertThat(rig.runner().size()).isZero();
  }

  /** A timer that asks again has something to say of what came of it. */
  @Test
  void whoWaitsForAnEvent_logsWithItsConnectionAndTrace_alsoOfAFailure() throws EndpointException {
    Tracing tracing =
        Tracing.of(
            OpenTelemetrySdk.builder()
                .setTracerProvider(
                    SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
                        .build())
                .build());
    boolean[] fails = {false};
    Endpoint chain =
        (request, session, next) -> {
          if (fails[0]) {
            throw new EndpointException(Reason.UNAVAILABLE, "fault");
          }
          return next.request(request);
        };
    EndpointRunner runner =
        new EndpointRunner(chain, rig.executor, rig.timer, Duration.ofSeconds(15), tracing);
    Connection made =
        runner.request(ConnectionRequest.of(connection), ChainRig.CALLER, rig.deadline());
    List<Map<String, String>> contexts = new ArrayList<>();
    for (boolean failing : new boolean[] {false, true}) {
      fails[0] = failing;
      var unused =
          runner
              .handle(made.requireId())
              .request(same -> same)
              .whenComplete((answer, failure) -> contexts.add(MDC.getCopyOfContextMap()));
      rig.executor.runAll();
    }
    assertThat(contexts)
        .hasSize(2)
        .allSatisfy(
            context ->
                assertThat(context)
                    .containsEntry(RequestLog.CONNECTION, "c1")
                    .containsKey(RequestLog.TRACE));
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    runner.close(made, ChainRig.CALLER, rig.deadline());
  }

  @Test
  void request_failing_undoesInReverseAndKeepsNothing() {
    rig.run(new Recorder("a"), new Recorder("b"), FailAt.request(1));
    assertThatThrownBy(() -> rig.request(connection)).hasMessageContaining("fault");
    assertThat(log).containsExactly("request a", "request b", "undo b", "undo a");
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void request_runtimeFault_undoesToo() {
    Endpoint faulty =
        (request, session, next) -> {
          throw new IllegalStateException("a bug");
        };
    rig.run(new Recorder("a"), faulty);
    assertThatThrownBy(() -> rig.request(connection)).isInstanceOf(IllegalStateException.class);
    assertThat(log).containsExactly("request a", "undo a");
  }

  @Test
  void undo_thatFails_isKeptWithTheCauseAndOthersRun() {
    leaks.expectErrors();
    Endpoint badUndo =
        (request, session, next) -> {
          session.onFailure(
              "fail",
              () -> {
                throw new EndpointException(Reason.INTERNAL, "undo failed");
              });
          return next.request(request);
        };
    rig.run(new Recorder("a"), badUndo, FailAt.request(1));
    EndpointException failure =
        catchThrowableOfType(EndpointException.class, () -> rig.request(connection));
    assertThat(failure).hasMessageContaining("fault");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(log).containsExactly("request a", "undo a");
  }

  @Test
  void undo_ofWhatIsAwayForNow_isToldByOneLine_andIsNoFaultOfOurs() {
    Endpoint away =
        (request, session, next) -> {
          session.onFailure(
              "remove link a",
              () -> {
                throw new EndpointException(Reason.UNAVAILABLE, "agent: away [for 3 s]");
              });
          return next.request(request);
        };
    rig.run(away, FailAt.request(1));
    try (LogLines lines = LogLines.of(EndpointRunner.class.getName())) {
      EndpointException failure =
          catchThrowableOfType(EndpointException.class, () -> rig.request(connection));
      assertThat(failure.getSuppressed()).hasSize(1);
      assertThat(lines.lines())
          .containsExactly("connection c1: could not remove link a: agent: away [for 3 s]");
    }
  }

  @Test
  void refresh_failing_leavesTheEstablishedAsItWas() throws EndpointException {
    rig.run(new Recorder("a"), FailAt.request(2));
    Connection first = rig.request(connection);
    assertThatThrownBy(() -> rig.request(first.withLabels(Map.of("x", "y"))))
        .hasMessageContaining("fault");
    assertThat(rig.runner().connections()).containsExactly(first.withoutProofs());
    log.clear();
    rig.request(first);
    assertThat(log).containsExactly("request a", "seen 1", "commit a");
  }

  @Test
  void otherIdentity_mayNeitherRefreshNorClose() throws EndpointException {
    rig.run(new Recorder("a"));
    Connection mine = rig.request(connection);
    Caller other = new Caller("spiffe://test/other");
    EndpointException refused =
        catchThrowableOfType(
            EndpointException.class,
            () -> rig.runner().request(ConnectionRequest.of(mine), other, rig.deadline()));
    assertThat(refused.reason()).isEqualTo(Reason.DENIED);
    assertThat(refused).hasMessageContaining("connection.id: c1");
    assertThatThrownBy(() -> rig.runner().close(mine, other, rig.deadline()))
        .hasMessageContaining("connection.id: c1");
    assertThat(rig.runner().size()).isEqualTo(1);
  }

  @Test
  void owner_isTheFirstCallerAlsoWhenWeReEnter() throws EndpointException {
    List<Caller> owners = new ArrayList<>();
    rig.run(
        (request, session, next) -> {
          owners.add(session.owner());
          return next.request(request);
        });
    Connection made = rig.request(connection);
    rig.runner().handle(made.requireId()).request(request -> request);
    rig.executor.runAll();
    assertThat(owners).containsExactly(ChainRig.CALLER, ChainRig.CALLER);
  }

  @Test
  void close_ofUnknown_passesThroughAndSucceeds() throws EndpointException {
    rig.run(new Recorder("a"));
    rig.close(connection);
    assertThat(log).containsExactly("close a");
  }

  @Test
  void close_withoutId_isInvalid() {
    rig.run(new Recorder("a"));
    EndpointException refused =
        catchThrowableOfType(EndpointException.class, () -> rig.close(Connection.to("service")));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused).hasMessageContaining("connection.id");
  }

  @Test
  void close_usesTheEstablishedConnectionNotTheCallersCopy() throws EndpointException {
    rig.run(new Recorder("a"));
    rig.request(connection);
    rig.close(connection.withLabels(Map.of("forged", "yes")));
    assertThat(log).endsWith("close a");
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void close_failing_stillForgetsTheSession() throws EndpointException {
    Endpoint failingClose =
        new Recorder("a") {
          @Override
          public void close(Connection closed, Session session, Next next)
              throws EndpointException {
            throw new EndpointException(Reason.UNAVAILABLE, "away");
          }
        };
    rig.run(failingClose);
    rig.request(connection);
    assertThatThrownBy(() -> rig.close(connection)).hasMessage("away");
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void handle_afterClose_saysNotFoundAndCloseIsFine() throws EndpointException {
    rig.run(new Recorder("a"));
    Connection made = rig.request(connection);
    ConnectionHandle handle = rig.runner().handle(made.requireId());
    assertThat(handle.established()).contains(made.withoutProofs());
    rig.close(made);
    CompletableFuture<Connection> again = handle.request(r -> r).toCompletableFuture();
    CompletableFuture<Void> closed = handle.close("twice").toCompletableFuture();
    rig.executor.runAll();
    assertThat(again).isCompletedExceptionally();
    assertThat(closed).isCompleted();
    assertThat(log).containsOnlyOnce("close a");
  }

  @Test
  void closeIf_whenTheReasonIsGone_leavesTheConnection() throws EndpointException {
    rig.run(new Recorder("a"));
    rig.request(connection);
    rig.runner().handle(connection.requireId()).closeIf("late", () -> false);
    rig.executor.runAll();
    assertThat(rig.runner().size()).isEqualTo(1);
  }

  @Test
  void reselectByCaller_closesFirstThenRequestsAnew() throws EndpointException {
    rig.run(new Recorder("a"));
    Connection made = rig.request(connection);
    log.clear();
    Connection answer = rig.request(made.withState(ConnectionState.RESELECT_REQUESTED));
    assertThat(log).containsExactly("close a", "request a", "commit a");
    assertThat(answer.state()).isEqualTo(ConnectionState.UP);
    assertThat(rig.runner().size()).isEqualTo(1);
  }

  @Test
  void reselectByCaller_failing_leavesNothing() throws EndpointException {
    rig.run(new Recorder("a"), FailAt.request(2));
    Connection made = rig.request(connection);
    assertThatThrownBy(() -> rig.request(made.withState(ConnectionState.RESELECT_REQUESTED)))
        .hasMessageContaining("fault");
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void reselectByOurselves_failing_mayBeRepeatedAndClosesOnce() throws EndpointException {
    rig.run(new Recorder("a"), FailAt.request(2));
    Connection made = rig.request(connection);
    ConnectionHandle handle = rig.runner().handle(made.requireId());
    CompletableFuture<Connection> failed = reselect(handle);
    assertThat(failed).isCompletedExceptionally();
    assertThat(handle.established()).isEmpty();
    CompletableFuture<Connection> healed = reselect(handle);
    assertThat(healed).isCompleted();
    assertThat(handle.established()).isPresent();
    assertThat(log).containsOnlyOnce("close a");
  }

  @Test
  void closeAll_closesEach() throws EndpointException {
    rig.run(new Recorder("a"));
    rig.request(connection);
    rig.request(rig.connection("c2"));
    CompletableFuture<Void> all = rig.runner().closeAll("end").toCompletableFuture();
    rig.executor.runAll();
    assertThat(all).isCompleted();
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void end_closesEach_andWhatIsBeingEstablishedMeanwhile_andRefusesTheNext()
      throws EndpointException {
    rig.run(
        new Recorder("a"),
        (Endpoint)
            (request, session, next) -> {
              if (log.size() > 1) { // within the second request
                var unused = rig.runner().end("the endpoint ends");
              }
              return next.request(request);
            });
    rig.request(connection);
    assertRefusedAsEnded("c2");
    rig.executor.runAll();
    assertThat(rig.runner().size()).isZero();
    assertThat(log).filteredOn("close a"::equals).hasSize(2);
    int before = log.size();
    assertRefusedAsEnded("c3");
    assertThat(log).hasSize(before);
  }

  @Test
  void abandoned_closesNothing_butWhatSessionsHold_alsoForARequestUnderWay() throws Exception {
    Key<AutoCloseable> held = Key.named("held");
    rig.run(
        new Recorder("a"),
        (Endpoint)
            (request, session, next) -> {
              session.put(held, () -> log.add("let go of " + session.id()));
              if (session.id().value().equals("c2")) { // within the second request
                rig.runner().abandon("the endpoint ends");
              }
              return next.request(request);
            });
    rig.request(connection);
    assertRefusedAsEnded("c2");
    assertRefusedAsEnded("c3");
    rig.executor.runAll();
    assertThat(rig.runner().size()).isZero();
    assertThat(log)
        .containsExactly(
            "request a", "commit a", "request a", "let go of c1", "commit a", "let go of c2");
  }

  private void assertRefusedAsEnded(String id) {
    assertThatThrownBy(() -> rig.request(rig.connection(id)))
        .hasMessage("the endpoint ends")
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  private CompletableFuture<Connection> reselect(ConnectionHandle handle) {
    CompletableFuture<Connection> result =
        handle
            .request(r -> r.mapConnection(c -> c.withState(ConnectionState.RESELECT_REQUESTED)))
            .toCompletableFuture();
    rig.executor.runAll();
    return result;
  }

  /** Writes down what happens to it, and counts its commits in the session. */
  private class Recorder implements Endpoint {

    private final Key<Integer> countKey = Key.named("count");
    private final String name;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      log.add("request " + name);
      Optional<Integer> seen = session.get(countKey);
      seen.ifPresent(count -> log.add("seen " + count));
      session.put(countKey, seen.orElse(0) + 1);
      session.onFailure("undo " + name, () -> log.add("undo " + name));
      session.onCommit("commit " + name, () -> log.add("commit " + name));
      return next.request(request);
    }

    @Override
    public void close(Connection closed, Session session, Next next) throws EndpointException {
      log.add("close " + name);
      assertThat(closed.labels()).doesNotContainKey("forged");
      next.close(closed);
    }
  }
}
