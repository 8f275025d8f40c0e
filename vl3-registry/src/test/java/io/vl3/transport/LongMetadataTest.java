package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as long as a registration's that passed a dozen components, each with its token. */
class LongMetadataTest {

  private static final Metadata.Key<String> PATH =
      Metadata.Key.of("path", Metadata.ASCII_STRING_MARSHALLER);

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp"})
  void twelveTokens_passBothWays(String kind) throws Exception {
    String path = "t".repeat(12 * 1600);
    try (TestTransport transport = new TestTransport()) {
      TransportUrl url = kind.equals("unix") ? transport.unix("s") : TestTransport.loopback();
      var channel = transport.serve(url, LongMetadataTest::echo);
      AtomicReference<Metadata> answered = new AtomicReference<>();
      Metadata sent = new Metadata();
      sent.put(PATH, path);
      Empty unused =
          NetworkServiceGrpc.newBlockingStub(channel)
              .withInterceptors(
                  MetadataUtils.newAttachHeadersInterceptor(sent),
                  MetadataUtils.newCaptureMetadataInterceptor(answered, new AtomicReference<>()))
              .close(Connection.getDefaultInstance());
      assertThat(answered.get().get(PATH)).isEqualTo(path);
    }
  }

  private static ServerServiceDefinition echo() {
    return ServerInterceptors.intercept(
        new NetworkServiceGrpc.NetworkServiceImplBase() {
          @Override
          public void close(Connection connection, StreamObserver<Empty> observer) {
            observer.onNext(Empty.getDefaultInstance());
            observer.onCompleted();
          }
        },
        new EchoPath());
  }

  private static final class EchoPath implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata answer) {
              answer.put(PATH, String.valueOf(headers.get(PATH)));
              super.sendHeaders(answer);
            }
          },
          headers);
    }
  }
}
