package io.vl3.cli.process;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ipam.IPAMGrpc;
import io.vl3.api.ipam.PrefixRequest;
import io.vl3.api.ipam.PrefixResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * NSM v1's prefix server with one client, over TCP; it grants what the test says, and another
 * prefix at any time.
 */
final class FakePrefixServer extends IPAMGrpc.IPAMImplBase implements AutoCloseable {

  private final Server server;

  /** Guarded by this, like the one below. */
  private String prefix;

  private Optional<StreamObserver<PrefixResponse>> client = Optional.empty();

  private FakePrefixServer(String prefix) throws IOException {
    this.prefix = prefix;
    this.server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(this)
            .build()
            .start();
  }

  /** A server that grants a prefix to who asks first. */
  static FakePrefixServer granting(String prefix) throws IOException {
    return new FakePrefixServer(prefix);
  }

  String url() {
    return "tcp://127.0.0.1:" + server.getPort();
  }

  /** From now on the client has another prefix, and is told so. */
  synchronized void grant(String other) {
    prefix = other;
    tell(client.orElseThrow());
  }

  @Override
  public synchronized StreamObserver<PrefixRequest> managePrefixes(
      StreamObserver<PrefixResponse> answers) {
    client.ifPresent(earlier -> earlier.onCompleted());
    client = Optional.of(answers);
    return new StreamObserver<>() {
      @Override
      public void onNext(PrefixRequest request) {
        tell(answers);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  private synchronized void tell(StreamObserver<PrefixResponse> answers) {
    answers.onNext(PrefixResponse.newBuilder().setPrefix(prefix).build());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
