package io.vl3.cli.process;

import com.google.protobuf.Timestamp;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.registry.NetworkService;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.api.registry.NetworkServiceRegistryGrpc;
import java.io.IOException;
import java.time.Instant;

/** A manager over TCP whose registry is away, or forgets at once what it grants. */
final class FakeRegistry implements AutoCloseable {

  private final Server server;

  private FakeRegistry(boolean away) throws IOException {
    this.server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Endpoints(away))
            .addService(new Services(away))
            .build()
            .start();
  }

  /** Nothing that needs the registry can be done. */
  static FakeRegistry away() throws IOException {
    return new FakeRegistry(true);
  }

  /** Grants every registration, and shows none. */
  static FakeRegistry forgetful() throws IOException {
    return new FakeRegistry(false);
  }

  String url() {
    return "tcp://127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static void refuse(StreamObserver<?> answers) {
    answers.onError(
        Status.UNAVAILABLE.withDescription("registry: connection refused").asRuntimeException());
  }

  private static final class Endpoints
      extends NetworkServiceEndpointRegistryGrpc.NetworkServiceEndpointRegistryImplBase {

    private final boolean away;

    Endpoints(boolean away) {
      this.away = away;
    }

    @Override
    public void register(
        NetworkServiceEndpoint asked, StreamObserver<NetworkServiceEndpoint> answers) {
      if (away) {
        refuse(answers);
      } else {
        Instant now = Instant.now();
        answers.onNext(
            asked.toBuilder()
                .setInitialRegistrationTime(time(now))
                .setExpirationTime(time(now.plusSeconds(60)))
                .build());
        answers.onCompleted();
      }
    }

    private static Timestamp time(Instant at) {
      return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).build();
    }

    @Override
    public void find(
        NetworkServiceEndpointQuery query, StreamObserver<NetworkServiceEndpointResponse> answers) {
      if (away) {
        refuse(answers);
      } else if (!query.getWatch()) {
        answers.onCompleted();
      }
    }
  }

  private static final class Services
      extends NetworkServiceRegistryGrpc.NetworkServiceRegistryImplBase {

    private final boolean away;

    Services(boolean away) {
      this.away = away;
    }

    @Override
    public void register(NetworkService asked, StreamObserver<NetworkService> answers) {
      if (away) {
        refuse(answers);
      } else {
        answers.onNext(asked);
        answers.onCompleted();
      }
    }
  }
}
