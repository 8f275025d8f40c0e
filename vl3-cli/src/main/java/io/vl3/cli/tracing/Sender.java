package io.vl3.cli.tracing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.vl3.cli.config.TracingConfig;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.transport.GrpcChannels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends batches by the gRPC that the rest of the program has, over a channel of its own: the calls
 * are no spans themselves. Each batch tries to connect anew. Thread-safe.
 */
final class Sender implements GrpcSender {

  private static final String EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private static final MethodDescriptor<byte[], byte[]> METHOD =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodType.UNARY)
          .setFullMethodName(EXPORT)
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private final ManagedChannel channel;
  private final Channel calls;
  private final Duration timeout;
  private volatile String why = "not asked yet";

  private Sender(ManagedChannel channel, Channel calls, Duration timeout) {
    this.channel = channel;
    this.calls = calls;
    this.timeout = timeout;
  }

  static Sender to(TracingConfig config, Duration timeout) throws IOException {
    URI endpoint = config.endpoint();
    Metadata headers = new Metadata();
    config
        .headers()
        .forEach(
            (name, value) ->
                headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                endpoint.getHost(), endpoint.getPort(), credentials(endpoint, config.certificate()))
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    return new Sender(channel, GrpcChannels.wakeful(channel), timeout);
  }

  private static ChannelCredentials credentials(URI endpoint, Optional<Path> certificate)
      throws IOException {
    if (endpoint.getScheme().equals("http")) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    return certificate.isPresent()
        ? tls.trustManager(certificate.get().toFile()).build()
        : tls.build();
  }

  /** Why the last batch that did not arrive did not. */
  String why() {
    return why;
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.getContentLength());
    try {
      message.writeMessage(bytes);
    } catch (IOException impossible) {
      onError.accept(impossible);
      return;
    }
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    ClientCalls.asyncUnaryCall(
        calls.newCall(METHOD, options), bytes.toByteArray(), new Answer(onResponse));
  }

  @Override
  public CompletableResultCode shutdown() {
    channel.shutdown();
    return CompletableResultCode.ofSuccess();
  }

  /** Ends what is still under way. */
  void end() {
    channel.shutdownNow();
  }

  private final class Answer implements StreamObserver<byte[]> {

    private final Consumer<GrpcResponse> onResponse;
    private byte[] message = new byte[0];

    Answer(Consumer<GrpcResponse> onResponse) {
      this.onResponse = onResponse;
    }

    @Override
    public void onNext(byte[] answer) {
      message = answer;
    }

    @Override
    public void onError(Throwable failure) {
      EndpointException known = StatusCodes.toException(failure);
      why = known.getMessage();
      Status status = Status.fromThrowable(failure);
      onResponse.accept(new Ended(status.getCode(), why, new byte[0]));
    }

    @Override
    public void onCompleted() {
      onResponse.accept(new Ended(Status.Code.OK, "", message));
    }
  }

  /** How a call ended. */
  private static final class Ended implements GrpcResponse {

    private final Status.Code code;
    private final String description;
    private final byte[] message;

    Ended(Status.Code code, String description, byte[] message) {
      this.code = code;
      this.description = description;
      this.message = message;
    }

    @Override
    public GrpcStatusCode getStatusCode() {
      return GrpcStatusCode.fromValue(code.value());
    }

    @Override
    public String getStatusDescription() {
      return description;
    }

    @Override
    public byte[] getResponseMessage() {
      return message;
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
