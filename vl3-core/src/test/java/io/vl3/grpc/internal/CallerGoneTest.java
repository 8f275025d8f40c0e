package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.ClientCalls;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers that leave before the server has begun with what they asked for. */
class CallerGoneTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Connection ASKED = Connection.to("vl3").withId(new ConnectionId("c"));

  private final FakeTimer timer = new FakeTimer();
  private final InProcess inProcess = new InProcess();
  private final ManualExecutor threads = new ManualExecutor();
  private final BlockingQueue<Context> arrived = new LinkedBlockingQueue<>();
  private final List<String> refused = new ArrayList<>();
  private final EndpointRunner server =
      new EndpointRunner((request, session, next) -> next.request(request), threads, timer, LONG);

  @AfterEach
  void stop() {
    inProcess.close();
  }

  /** On a busy machine a close may overtake the request that it is about. */
  @Test
  void aRequestThatBeginsAfterItsCallerHasLeft_establishesNothing_asNobodyWouldCloseIt()
      throws Exception {
    Channel channel = serve();
    requestAndLeave(channel);
    threads.runAll();
    assertThat(server.size()).isZero();
    assertThat(refused).containsExactly("establish CANCELLED");
  }

  @Test
  void aRefreshThatBeginsAfterItsCallerHasLeft_leavesWhatStands() throws Exception {
    Channel channel = serve();
    server.request(ConnectionRequest.of(ASKED), Caller.ANONYMOUS, Deadline.after(LONG, timer));
    requestAndLeave(channel);
    threads.runAll();
    assertThat(server.connections()).containsExactly(ASKED);
    assertThat(refused).containsExactly("refresh CANCELLED");
  }

  private Channel serve() throws Exception {
    server.onRefusal((operation, why) -> refused.add(operation + " " + why.reason()));
    return inProcess.serve(
        new NetworkServiceServer(
            server,
            task -> {
              threads.execute(task);
              arrived.add(Context.current());
            },
            timer,
            LONG));
  }

  /** Returns when the server knows both. */
  private void requestAndLeave(Channel channel) throws InterruptedException {
    var call =
        ClientCalls.futureUnaryCall(
            channel.newCall(NetworkServiceGrpc.getRequestMethod(), io.grpc.CallOptions.DEFAULT),
            ConnectionConverter.toProto(ConnectionRequest.of(ASKED)));
    Optional<Context> there = Optional.ofNullable(arrived.poll(LONG.toSeconds(), TimeUnit.SECONDS));
    assertThat(there).as("the request arrives").isPresent();
    CountDownLatch gone = new CountDownLatch(1);
    there.get().addListener(context -> gone.countDown(), Runnable::run);
    assertThat(call.cancel(true)).isTrue();
    assertThat(gone.await(LONG.toSeconds(), TimeUnit.SECONDS)).as("is heard of").isTrue();
  }
}
