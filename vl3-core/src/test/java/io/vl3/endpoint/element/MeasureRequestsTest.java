package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.measure.Measure;
import io.vl3.measure.Measurements;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MeasureRequestsTest {

  private static final Key<Boolean> PEER = Key.named("peer");

  private final FakeTimer timer = new FakeTimer();
  private final Measurements all = new Measurements(timer::nanos);
  private final Answering answering = new Answering();
  private final ChainRig rig =
      new ChainRig()
          .run(
              MeasureRequests.ofNse(all.meter("nse"), session -> session.get(PEER).isPresent()),
              answering);

  @Test
  void requestsRefreshesAndCloses_areCountedApart_andTimed() throws EndpointException {
    Connection made = rig.request(Connection.to("service"));
    rig.close(rig.request(made));
    assertThat(count("workload", "establish", "ok")).isEqualTo(1);
    assertThat(count("workload", "refresh", "ok")).isEqualTo(1);
    assertThat(count("workload", "close", "ok")).isEqualTo(1);
    assertThat(all.meter("nse").times(Measure.REQUEST_TIMES, "workload", "refresh").sumNanos())
        .isEqualTo(Duration.ofMillis(5).toNanos());
  }

  @Test
  void aPeer_isOne_alsoWhenItIsRefusedOrCloses() throws EndpointException {
    answering.peer = true;
    Connection made = rig.request(Connection.to("service"));
    answering.refusal = true;
    assertThat(catchThrowable(() -> rig.request(made))).isNotNull();
    rig.close(made);
    assertThat(count("peer", "establish", "ok")).isEqualTo(1);
    assertThat(count("peer", "refresh", "exhausted")).isEqualTo(1);
    assertThat(count("peer", "close", "ok")).isEqualTo(1);
    assertThat(count("workload", "refresh", "exhausted")).isZero();
  }

  @Test
  void aFault_isInternal() {
    answering.bug = true;
    assertThat(catchThrowable(() -> rig.request(Connection.to("service")))).isNotNull();
    assertThat(count("workload", "establish", "internal")).isEqualTo(1);
  }

  /** The runner asks no chain then. */
  @Test
  void whatTheRunnerRefusesItself_isCountedToo() throws EndpointException {
    rig.runner().onRefusal(MeasureRequests.refusalsOfNse(all.meter("nse")));
    Connection made = rig.request(Connection.to("service"));
    Caller other = new Caller("spiffe://test/other");
    assertThat(catchThrowable(() -> rig.runner().request(of(made), other, rig.deadline())))
        .isNotNull();
    assertThat(catchThrowable(() -> rig.runner().close(made, other, rig.deadline()))).isNotNull();
    answering.meanwhile = () -> late(made);
    Connection same = rig.request(made);
    answering.meanwhile = () -> {};
    rig.runner().end("it ends");
    assertThat(catchThrowable(() -> rig.request(Connection.to("service")))).isNotNull();
    assertThat(count("workload", "refresh", "denied")).isEqualTo(1);
    assertThat(count("workload", "close", "denied")).isEqualTo(1);
    assertThat(count("workload", "refresh", "deadline")).isEqualTo(1);
    assertThat(count("workload", "close", "deadline")).isEqualTo(1);
    assertThat(count("workload", "establish", "unavailable")).isEqualTo(1);
    assertThat(count("workload", "refresh", "ok")).isEqualTo(1);
    assertThat(same.id()).isEqualTo(made.id());
  }

  /** While an earlier request has the connection, nobody else's turn comes. */
  private void late(Connection connection) {
    Deadline now = Deadline.after(Duration.ZERO, timer);
    CompletableFuture.allOf(
            CompletableFuture.runAsync(
                () ->
                    assertThat(
                            catchThrowable(
                                () -> rig.runner().request(of(connection), ChainRig.CALLER, now)))
                        .isNotNull()),
            CompletableFuture.runAsync(
                () ->
                    assertThat(
                            catchThrowable(
                                () -> rig.runner().close(connection, ChainRig.CALLER, now)))
                        .isNotNull()))
        .join();
  }

  private static ConnectionRequest of(Connection connection) {
    return ConnectionRequest.of(connection);
  }

  private long count(String kind, String operation, String outcome) {
    return all.meter("nse").counter(Measure.REQUESTS, kind, operation, outcome).value();
  }

  /** Takes five milliseconds. */
  private final class Answering implements Endpoint {

    private boolean peer;
    private boolean refusal;
    private boolean bug;
    private Runnable meanwhile = () -> {};

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      timer.advance(Duration.ofMillis(5));
      meanwhile.run();
      if (peer) {
        session.put(PEER, true);
      }
      if (refusal) {
        throw new EndpointException(Reason.EXHAUSTED, "full");
      }
      if (bug) {
        throw new IllegalStateException("a bug");
      }
      return next.request(request);
    }
  }
}
