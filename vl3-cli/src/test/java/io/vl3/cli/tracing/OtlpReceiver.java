package io.vl3.cli.tracing;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A receiver of spans by the official messages of OTLP, at the loopback. */
public final class OtlpReceiver implements AutoCloseable {

  private final List<Received> received = new ArrayList<>();
  private final Server server;
  private Metadata headers = new Metadata();

  private OtlpReceiver(int port, ServerCredentials credentials) throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), credentials)
            .addService(new Service())
            .intercept(new Listening())
            .build()
            .start();
  }

  /** Starts one. */
  public static OtlpReceiver start() throws IOException {
    return new OtlpReceiver(0, InsecureServerCredentials.create());
  }

  /** Starts one where another was. */
  public static OtlpReceiver startAt(int port) throws IOException {
    return new OtlpReceiver(port, InsecureServerCredentials.create());
  }

  /** Starts one that shows a certificate. */
  public static OtlpReceiver start(ServerCredentials credentials) throws IOException {
    return new OtlpReceiver(0, credentials);
  }

  /** The value of a header of the last batch; empty if it had none. */
  public synchronized Optional<String> header(String name) {
    return Optional.ofNullable(
        headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  /** A span, and which process sent it. */
  public record Received(String service, Span span) {

    public String trace() {
      return HexFormat.of().formatHex(span.getTraceId().toByteArray());
    }

    public String id() {
      return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    /** Empty for a root. */
    public String parent() {
      return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    public Map<String, String> attributes() {
      Map<String, String> all = new TreeMap<>();
      span.getAttributesList().forEach(each -> all.put(each.getKey(), text(each)));
      return all;
    }

    /** As people read it. */
    @Override
    public String toString() {
      String kind = span.getKind().name().replace("SPAN_KIND_", "");
      return "%s %s %s".formatted(service, kind, span.getName());
    }
  }

  public int port() {
    return server.getPort();
  }

  /** The spans so far. */
  public synchronized List<Received> spans() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static String text(KeyValue attribute) {
    var value = attribute.getValue();
    return value.hasIntValue() ? String.valueOf(value.getIntValue()) : value.getStringValue();
  }

  private final class Listening implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata of, ServerCallHandler<Q, A> next) {
      synchronized (OtlpReceiver.this) {
        headers = of;
      }
      return next.startCall(call, of);
    }
  }

  private final class Service extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      synchronized (OtlpReceiver.this) {
        for (ResourceSpans resource : request.getResourceSpansList()) {
          Optional<String> service =
              resource.getResource().getAttributesList().stream()
                  .filter(each -> each.getKey().equals("service.name"))
                  .map(OtlpReceiver::text)
                  .findFirst();
          for (ScopeSpans scope : resource.getScopeSpansList()) {
            scope
                .getSpansList()
                .forEach(span -> received.add(new Received(service.orElse(""), span)));
          }
        }
      }
      answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
