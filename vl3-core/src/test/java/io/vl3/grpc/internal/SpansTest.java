package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.RequestLog;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Two runners with a call between them: whose spans, which headers, which log lines. */
class SpansTest {

  private static final String METHOD = "networkservice.NetworkService/Request";
  private static final String SECRET = "eyJhbGciOiJIUzI1NiJ9.secret.token";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TRACESTATE =
      Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

  private final FakeTimer timer = new FakeTimer();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  private final Tracing on =
      Tracing.of(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
  private final List<Metadata> headers = new ArrayList<>();
  private final List<AutoCloseable> closing = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : closing) {
      each.close();
    }
    executor.shutdownNow();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    provider.close();
  }

  @Test
  void oneRequest_isOneTrace_throughBothProcesses() throws Exception {
    var unused = client(on, server(on, (request, session, next) -> next.request(request)));
    List<SpanData> spans = spans(3);
    SpanData root = only(spans, SpanKind.INTERNAL);
    SpanData call = only(spans, SpanKind.CLIENT);
    SpanData served = only(spans, SpanKind.SERVER);
    assertThat(root.getName()).isEqualTo("request connection");
    assertThat(call.getName()).isEqualTo(METHOD);
    assertThat(served.getName()).isEqualTo(METHOD);
    assertThat(call.getParentSpanId()).isEqualTo(root.getSpanId());
    assertThat(served.getParentSpanId()).isEqualTo(call.getSpanId());
    for (SpanData each : List.of(call, served)) {
      assertThat(text(each, "rpc.system")).isEqualTo("grpc");
      assertThat(text(each, "rpc.service")).isEqualTo("networkservice.NetworkService");
      assertThat(text(each, "rpc.method")).isEqualTo("Request");
      assertThat(each.getAttributes().get(AttributeKey.longKey("rpc.grpc.status_code"))).isZero();
      assertThat(each.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }
    assertThat(text(served, "vl3.connection.id")).isEqualTo("c1");
    assertThat(text(served, "vl3.network_service")).isEqualTo("vl3");
  }

  /** OpenTelemetry for Go takes a header with another flag for none. */
  @Test
  void theHeader_hasNoFlagButWhetherItIsSampled() throws Exception {
    var unused = client(on, server(on, (request, session, next) -> next.request(request)));
    assertThat(only(spans(3), SpanKind.CLIENT).getSpanContext().getTraceFlags().asHex())
        .as("what the SDK has")
        .isEqualTo("03");
    assertThat(headers.get(0).get(TRACEPARENT)).startsWith("00-").endsWith("-01");
  }

  @Test
  void aToken_isInNoSpan() throws Exception {
    var unused = client(on, server(on, (request, session, next) -> next.request(request)));
    assertThat(headers.get(0).get(TokenHeaders.TOKEN)).isEqualTo(SECRET);
    assertThat(spans(3)).allSatisfy(span -> assertThat(span.toString()).doesNotContain(SECRET));
  }

  @Test
  void aFailure_isTheStatusOfEverySpan_withItsRootCause() throws Exception {
    Endpoint full =
        (request, session, next) -> {
          throw new EndpointException(Reason.EXHAUSTED, "pool 10.60.1.0/24: full");
        };
    Channel channel = server(on, full);
    var unused = catchThrowableOfType(EndpointException.class, () -> client(on, channel));
    assertThat(spans(3))
        .allSatisfy(
            span -> {
              assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
              assertThat(span.getStatus().getDescription()).isEqualTo("pool 10.60.1.0/24: full");
            });
    assertThat(
            only(spans(3), SpanKind.CLIENT)
                .getAttributes()
                .get(AttributeKey.longKey("rpc.grpc.status_code")))
        .isEqualTo(8);
  }

  @Test
  void whoRecordsNothing_handsTheTraceOn_asItCame() throws Exception {
    Channel behind = server(Tracing.OFF, (request, session, next) -> next.request(request));
    EndpointRunner middle = runner(Tracing.OFF, new RemoteEndpoint(behind, LONG));
    Channel channel =
        server(
            Tracing.OFF,
            (request, session, next) ->
                middle.request(request, Caller.SELF, Deadline.after(LONG, timer)));
    SpanContext outside =
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.builder().put("vendor", "value").build());
    try (Scope scope = Context.root().with(Span.wrap(outside)).makeCurrent()) {
      assertThat(scope).isNotNull();
      var unused = client(Tracing.OFF, channel);
    }
    assertThat(headers).hasSize(2);
    assertThat(headers)
        .allSatisfy(
            each -> {
              assertThat(each.get(TRACEPARENT))
                  .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
              assertThat(each.get(TRACESTATE)).isEqualTo("vendor=value");
            });
  }

  @Test
  void withoutAnyTrace_noHeaderIsSent() throws Exception {
    var unused =
        client(Tracing.OFF, server(Tracing.OFF, (request, session, next) -> next.request(request)));
    assertThat(headers.get(0).keys()).doesNotContain("traceparent", "tracestate");
  }

  @Test
  void aTraceThatIsWrittenWrongly_isNone() throws Exception {
    Metadata wrong = new Metadata();
    wrong.put(TRACEPARENT, "00-nonsense\t-zz");
    assertThat(TraceHeaders.read(wrong)).isEqualTo(Context.root());
  }

  @Test
  void everyLineOfARequest_saysItsConnectionAndItsTrace() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.vl3.test.spans");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try {
      var unused =
          client(
              on,
              server(
                  on,
                  (request, session, next) -> {
                    logger.info("serving");
                    return next.request(request);
                  }));
      logger.info("afterwards");
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list.get(0).getMDCPropertyMap())
        .containsEntry(RequestLog.CONNECTION, "c1")
        .containsEntry(RequestLog.TRACE, spans(3).get(0).getTraceId());
    assertThat(lines.list.get(1).getMDCPropertyMap()).isEmpty();
  }

  private Channel server(Tracing tracing, Endpoint chain) throws Exception {
    String name = InProcessServerBuilder.generateName();
    Server server =
        InProcessServerBuilder.forName(name)
            .addService(new NetworkServiceServer(runner(tracing, chain), executor, timer, LONG))
            .intercept(new ServerSpans(tracing))
            .intercept(new Listening())
            .build()
            .start();
    ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    closing.add(channel::shutdownNow);
    closing.add(server::shutdownNow);
    return ClientInterceptors.intercept(channel, new ClientSpans(tracing));
  }

  private EndpointRunner runner(Tracing tracing, Endpoint chain) {
    return new EndpointRunner(chain, executor, timer, LONG, tracing);
  }

  private Connection client(Tracing tracing, Channel channel) throws EndpointException {
    PathSegment own =
        new PathSegment("client", "c1", Optional.of(new Token(SECRET, Instant.EPOCH)), Map.of());
    Connection asked =
        Connection.to("vl3").withId(new ConnectionId("c1")).withPath(new Path(0, List.of(own)));
    return runner(tracing, new RemoteEndpoint(channel, LONG))
        .request(ConnectionRequest.of(asked), Caller.SELF, Deadline.after(LONG, timer));
  }

  /** A server ends its span in the moment in which the client is answered. */
  private List<SpanData> spans(int wanted) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (exporter.getFinishedSpanItems().size() < wanted && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(exporter.getFinishedSpanItems()).hasSize(wanted);
    return exporter.getFinishedSpanItems();
  }

  private static SpanData only(List<SpanData> spans, SpanKind kind) {
    List<SpanData> found = spans.stream().filter(span -> span.getKind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  /** Keeps the headers that arrive. */
  private final class Listening implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata arrived, ServerCallHandler<Q, A> next) {
      synchronized (headers) {
        headers.add(arrived);
      }
      return next.startCall(call, arrived);
    }
  }
}
