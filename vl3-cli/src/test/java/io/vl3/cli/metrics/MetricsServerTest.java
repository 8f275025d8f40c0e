package io.vl3.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.links.LinksStatus;
import io.vl3.mesh.Dialler;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DomainStatus;
import io.vl3.status.NseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

  private static final String LOOPBACK = "127.0.0.1";

  private static final NseStatus DISPUTED =
      NseStatus.builder("nse-a", "vl3")
          .connections(3, 1)
          .bindings(2)
          .journalTrouble(Optional.of("no space left"))
          .domains(
              List.of(
                  new DomainStatus("", true),
                  new DomainStatus("far:5001", true),
                  new DomainStatus("127.0.0.1:9", false)))
          .peers(List.of(peer("nse-b", PeerState.UP, 0), peer("nse-c", PeerState.BACKING_OFF, 7)))
          .overlaps(
              List.of(
                  new PrefixOverlap(
                      "nse-a",
                      IpPrefix.parse("10.60.0.0/24"),
                      "nse-c",
                      IpPrefix.parse("10.60.0.0/25"),
                      true)))
          .links(Optional.of(new LinksStatus(true, 5, 1)))
          .build();

  private static final NseStatus SETTLED =
      NseStatus.builder("nse-a", "vl3").connections(2, 2).bindings(2).build();

  private final AtomicReference<List<NseStatus>> nses = new AtomicReference<>(List.of(DISPUTED));

  @Test
  void everyFigureOfAnNse_isAGauge_andAnOverlapNamesBothSides() throws Exception {
    try (MetricsServer server = open()) {
      assertThat(scrape(server))
          .containsExactlyInAnyOrder(
              "vl3_connections{nse=\"nse-a\",service=\"vl3\"} 3.0",
              "vl3_bindings{nse=\"nse-a\",service=\"vl3\"} 2.0",
              "vl3_journal_failing{nse=\"nse-a\"} 1.0",
              "vl3_registry_up{nse=\"nse-a\"} 1.0",
              "vl3_domain_up{domain=\"far:5001\",nse=\"nse-a\"} 1.0",
              "vl3_domain_up{domain=\"127.0.0.1:9\",nse=\"nse-a\"} 0.0",
              "vl3_peers{nse=\"nse-a\",state=\"absent\"} 0.0",
              "vl3_peers{nse=\"nse-a\",state=\"dialling\"} 0.0",
              "vl3_peers{nse=\"nse-a\",state=\"up\"} 1.0",
              "vl3_peers{nse=\"nse-a\",state=\"degraded\"} 0.0",
              "vl3_peers{nse=\"nse-a\",state=\"backing_off\"} 1.0",
              "vl3_peer_up{nse=\"nse-a\",peer=\"nse-b\"} 1.0",
              "vl3_peer_up{nse=\"nse-a\",peer=\"nse-c\"} 0.0",
              "vl3_peer_failures{nse=\"nse-a\",peer=\"nse-b\"} 0.0",
              "vl3_peer_failures{nse=\"nse-a\",peer=\"nse-c\"} 7.0",
              "vl3_prefix_overlap{gives_way=\"nse-a\",nse=\"nse-a\",peer=\"nse-c\","
                  + "peer_prefix=\"10.60.0.0/25\",prefix=\"10.60.0.0/24\"} 1.0",
              "vl3_agent_up{nse=\"nse-a\"} 1.0",
              "vl3_agent_links{nse=\"nse-a\"} 5.0",
              "vl3_agent_links_broken{nse=\"nse-a\"} 1.0");
    }
  }

  @Test
  void whatIsGone_showsNoMore() throws Exception {
    try (MetricsServer server = open()) {
      assertThat(scrape(server)).anyMatch(line -> line.startsWith("vl3_prefix_overlap"));
      nses.set(List.of(SETTLED));
      assertThat(scrape(server))
          .noneMatch(line -> line.matches("vl3_(prefix_overlap|peer_up|agent_up).*"))
          .contains("vl3_journal_failing{nse=\"nse-a\"} 0.0")
          .contains("vl3_connections{nse=\"nse-a\",service=\"vl3\"} 2.0");
    }
  }

  @Test
  void takenPort_isNamed() throws IOException {
    try (MetricsServer other = open()) {
      MetricsConfig taken = new MetricsConfig(LOOPBACK, OptionalInt.of(other.port()));
      assertThatThrownBy(() -> MetricsServer.open(taken, nses::get))
          .hasMessageStartingWith(
              "metrics.port: %d (expected: free on 127.0.0.1)".formatted(other.port()));
    }
  }

  /** What a scraper does is no fault of ours. */
  @Test
  void aScraperThatHangsUpInTheMiddle_isNotLogged() throws Exception {
    BlockingQueue<String> loggers = new LinkedBlockingQueue<>();
    Logger root = Logger.getLogger("");
    Handler recorder = new Recorder(loggers);
    root.addHandler(recorder);
    try (Socket scraper = new Socket();
        MetricsServer server =
            MetricsServer.open(
                new MetricsConfig(LOOPBACK, OptionalInt.of(0)), () -> hungUpOn(scraper))) {
      scraper.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      scraper
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String logger = loggers.poll(60, TimeUnit.SECONDS);
      assertThat(logger).isNotNull();
      assertThat(ownLog().getLogger(logger).isErrorEnabled()).as(logger).isFalse();
    } finally {
      root.removeHandler(recorder);
    }
  }

  /** While the answer is made; a linger of nothing has the answer refused. */
  private List<NseStatus> hungUpOn(Socket scraper) {
    try {
      scraper.setSoLinger(true, 0);
      scraper.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return nses.get();
  }

  /** The log as the program sets it up. */
  private static LoggerContext ownLog() throws Exception {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        Objects.requireNonNull(MetricsServerTest.class.getResource("/logback.xml")));
    return context;
  }

  /** Who logged, a name each. */
  private static final class Recorder extends Handler {

    private final Queue<String> loggers;

    Recorder(Queue<String> loggers) {
      this.loggers = loggers;
    }

    @Override
    public void publish(LogRecord line) {
      loggers.add(line.getLoggerName());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void withoutAPort_nothingIsListenedOn() throws IOException {
    MetricsConfig none = new MetricsConfig(LOOPBACK, OptionalInt.empty());
    try (MetricsServer server = MetricsServer.open(none, nses::get)) {
      assertThat(server.port()).isZero();
    }
  }

  private MetricsServer open() throws IOException {
    return MetricsServer.open(new MetricsConfig(LOOPBACK, OptionalInt.of(0)), nses::get);
  }

  private static List<String> scrape(MetricsServer server) throws Exception {
    URI uri = URI.create("http://%s:%d/metrics".formatted(LOOPBACK, server.port()));
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .body();
    assertThat(text).contains("jvm_memory_used_bytes");
    return Stream.of(text.split("\n")).filter(line -> line.startsWith("vl3_")).toList();
  }

  private static PeerStatus peer(String name, PeerState state, int failures) {
    return new PeerStatus(
        name, state, Instant.EPOCH, Optional.empty(), failures, List.of(), Dialler.US);
  }
}
