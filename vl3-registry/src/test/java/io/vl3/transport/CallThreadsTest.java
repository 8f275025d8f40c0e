package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.grpc.internal.HandsCallsOn;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where calls begin: a service that blocks holds up no other call of its server. */
class CallThreadsTest {

  private static final String SOCKETS_THREAD = "io";

  private final CompletableFuture<Connection> held = new CompletableFuture<>();
  private final TestTransport transport;

  CallThreadsTest() throws IOException {
    transport = new TestTransport();
  }

  @AfterEach
  void stop() throws Exception {
    held.complete(Connection.getDefaultInstance());
    transport.close();
  }

  @Test
  void aServiceThatBlocks_holdsUpNoOtherCall() throws Exception {
    ManagedChannel channel = transport.serve(transport.unix("s"), new Blocking());
    var client = NetworkServiceGrpc.newFutureStub(channel);
    Future<Connection> waits = client.request(NetworkServiceRequest.getDefaultInstance());
    for (int i = 0; i < 3; i++) {
      assertThat(client.close(Connection.getDefaultInstance()).get(20, TimeUnit.SECONDS))
          .isNotNull();
    }
    assertThat(waits.isDone()).isFalse();
    held.complete(Connection.getDefaultInstance());
    assertThat(waits.get(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void onlyAServiceThatHandsCallsOn_isCalledOnTheThreadsOfSockets() throws Exception {
    assertThat(threadOf(new Named())).isNotEqualTo(SOCKETS_THREAD);
    assertThat(threadOf(new NamedAndHandingOn())).isEqualTo(SOCKETS_THREAD);
  }

  private String threadOf(Named service) throws Exception {
    ManagedChannel channel = transport.serve(transport.unix(service.toString()), service);
    return NetworkServiceGrpc.newFutureStub(channel)
        .request(NetworkServiceRequest.getDefaultInstance())
        .get(20, TimeUnit.SECONDS)
        .getId();
  }

  /** Answers a request once the test lets it, and a close at once. */
  private final class Blocking extends NetworkServiceGrpc.NetworkServiceImplBase {

    @Override
    public void request(NetworkServiceRequest request, StreamObserver<Connection> observer) {
      observer.onNext(held.join());
      observer.onCompleted();
    }

    @Override
    public void close(Connection connection, StreamObserver<Empty> observer) {
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    }
  }

  /** Answers with the name of the thread that calls it. */
  private static class Named extends NetworkServiceGrpc.NetworkServiceImplBase {

    @Override
    public void request(NetworkServiceRequest request, StreamObserver<Connection> observer) {
      observer.onNext(Connection.newBuilder().setId(Thread.currentThread().getName()).build());
      observer.onCompleted();
    }

    @Override
    public String toString() {
      return getClass().getSimpleName();
    }
  }

  private static final class NamedAndHandingOn extends Named implements HandsCallsOn {}
}
