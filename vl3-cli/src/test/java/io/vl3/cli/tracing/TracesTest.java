package io.vl3.cli.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.opentelemetry.api.OpenTelemetry;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.process.Wait;
import io.vl3.tracing.Tracing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What goes to a receiver, and what becomes of it while that is away. */
class TracesTest {

  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;

  private final Logger logger = (Logger) LoggerFactory.getLogger(Collector.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void spans_arriveUnderTheNameOfTheProcess_atItsEndAtTheLatest() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (Traces traces = Traces.open(config(receiver.port(), 1), "nse-1")) {
        record(traces, "register endpoint");
      }
      assertThat(receiver.spans())
          .singleElement()
          .satisfies(span -> assertThat(span).hasToString("nse-1 INTERNAL register endpoint"));
    }
  }

  @Test
  void whatIsNotSampled_isNotSent() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (Traces traces = Traces.open(config(receiver.port(), 0), "nse-1")) {
        record(traces, "request connection");
      }
      assertThat(receiver.spans()).isEmpty();
    }
  }

  @Test
  void aReceiverThatIsAway_isOneWarning_andItsReturnOneLine() throws Exception {
    int port = freePort();
    try (Traces traces = Traces.open(config(port, 1), "nse-1")) {
      record(traces, "first");
      await(1);
      for (int batch = 0; batch < 3; batch++) {
        record(traces, "lost");
        traces.flush();
      }
      assertThat(warnings())
          .singleElement()
          .asString()
          .startsWith("traces: http://127.0.0.1:" + port + " does not take spans")
          .contains("refused");
      try (OtlpReceiver receiver = OtlpReceiver.startAt(port)) {
        record(traces, "again");
        await(2);
        assertThat(warnings().get(1)).containsPattern("takes spans again, [1-9] were lost after ");
        assertThat(receiver.spans()).last().hasToString("nse-1 INTERNAL again");
      }
    }
  }

  @Test
  void theEndOfTheProcess_doesNotWaitForAReceiverThatNeverAnswers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Traces traces = Traces.open(config(silent.getLocalPort(), 1), "nse-1");
      record(traces, "request connection");
      long start = System.nanoTime();
      traces.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  /** As OTEL_EXPORTER_OTLP_HEADERS and OTEL_EXPORTER_OTLP_CERTIFICATE say. */
  @Test
  void overHttps_aReceiverOfTheNamedAuthority_getsSpansAndHeaders_anotherNothing()
      throws Exception {
    KeyStore keys = selfSigned();
    Path authority =
        Files.writeString(directory.resolve("ca.pem"), pem(keys.getCertificate("receiver")));
    try (OtlpReceiver receiver = OtlpReceiver.start(showing(keys))) {
      try (Traces traces = Traces.open(https(receiver.port(), Optional.empty()), "nse-1")) {
        record(traces, "to a stranger");
        traces.flush();
      }
      assertThat(receiver.spans()).isEmpty();
      assertThat(receiver.header("authorization")).isEmpty();
      try (Traces traces = Traces.open(https(receiver.port(), Optional.of(authority)), "nse-1")) {
        record(traces, "request connection");
        traces.flush();
      }
      assertThat(receiver.spans())
          .singleElement()
          .satisfies(span -> assertThat(span).hasToString("nse-1 INTERNAL request connection"));
      assertThat(receiver.header("authorization")).contains("Basic c2VjcmV0");
    }
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("does not take spans")
        .doesNotContain("c2VjcmV0");
  }

  private static TracingConfig https(int port, Optional<Path> authority) {
    return new TracingConfig(
        true,
        URI.create("https://127.0.0.1:" + port),
        1,
        Optional.empty(),
        Map.of(),
        Map.of("authorization", "Basic c2VjcmV0"),
        authority);
  }

  private KeyStore selfSigned() throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-alias",
                "receiver",
                "-keyalg",
                "EC",
                "-dname",
                "CN=receiver",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static ServerCredentials showing(KeyStore keys) throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    return TlsServerCredentials.newBuilder().keyManager(factory.getKeyManagers()).build();
  }

  private static String pem(Certificate certificate) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()));
  }

  @Test
  void withoutTracing_nothingIsMade() {
    try (Traces traces = Traces.open(TracingConfig.OFF, "nse-1")) {
      assertThat(traces.telemetry()).isSameAs(OpenTelemetry.noop());
    }
  }

  private void await(int count) throws Exception {
    Wait.until(() -> "lines: " + warnings(), () -> warnings().size() >= count);
  }

  private List<String> warnings() {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static void record(Traces traces, String name) {
    var unused = Tracing.of(traces.telemetry()).root(name, () -> name);
  }

  private static TracingConfig config(int port, double sampling) {
    return new TracingConfig(
        true,
        URI.create("http://127.0.0.1:" + port),
        sampling,
        Optional.empty(),
        Map.of("zone", "a"),
        Map.of("authorization", "secret"),
        Optional.empty());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
