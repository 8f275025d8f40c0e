package io.vl3.transport.svid;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import io.vl3.transport.identity.TestAuthority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An agent that gives everybody who sends its header the same SVID, and every new one at once. */
public final class FakeWorkloadApi extends SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase {

  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  private final TestAuthority authority;
  private final List<StreamObserver<X509SVIDResponse>> streams = new ArrayList<>();
  private Optional<X509Svid> current = Optional.empty();
  private Optional<Status> refusal = Optional.empty();
  private int refused;

  public FakeWorkloadApi(TestAuthority authority) {
    this.authority = authority;
  }

  /** What is told from now on. */
  public synchronized void give(X509Svid svid) throws Exception {
    current = Optional.of(svid);
    for (StreamObserver<X509SVIDResponse> stream : streams) {
      stream.onNext(response(svid));
    }
  }

  /** Ends every stream, as an agent that is started again does. */
  synchronized void restart() {
    refusal = Optional.empty();
    endStreams();
  }

  /** Refuses everybody from now on, as an agent that no longer knows us. */
  synchronized void refuse(Status status) {
    refusal = Optional.of(status);
    endStreams();
  }

  synchronized int refused() {
    return refused;
  }

  private void endStreams() {
    streams.forEach(stream -> stream.onError(Status.UNAVAILABLE.asRuntimeException()));
    streams.clear();
  }

  synchronized int listeners() {
    return streams.size();
  }

  /** The service with the check of the header. */
  public ServerServiceDefinition service() {
    return ServerInterceptors.intercept(this, new RequireHeader());
  }

  @Override
  public synchronized void fetchX509SVID(
      X509SVIDRequest request, StreamObserver<X509SVIDResponse> stream) {
    if (refusal.isPresent()) {
      refused++;
      stream.onError(refusal.get().asRuntimeException());
      return;
    }
    streams.add(stream);
    try {
      if (current.isPresent()) {
        stream.onNext(response(current.get()));
      }
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private X509SVIDResponse response(X509Svid svid) throws Exception {
    return X509SVIDResponse.newBuilder()
        .addSvids(
            X509SVID
                .newBuilder()
                .setSpiffeId(svid.getSpiffeId().toString())
                .setX509Svid(ByteString.copyFrom(svid.getLeaf().getEncoded()))
                .setX509SvidKey(ByteString.copyFrom(svid.getPrivateKey().getEncoded()))
                .setBundle(ByteString.copyFrom(authority.root().getEncoded())))
        .build();
  }

  private static final class RequireHeader implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if ("true".equals(headers.get(SECURITY_HEADER))) {
        return next.startCall(call, headers);
      }
      call.close(Status.INVALID_ARGUMENT.withDescription("security header missing"), headers);
      return new ServerCall.Listener<>() {};
    }
  }
}
