package io.vl3.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.cli.assembly.Threads;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.health.HealthCode;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.nsm.NsmRuntime;
import io.vl3.status.NseStatus;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

  private static final String LOOPBACK = "127.0.0.1";

  private static final NseStatus SETTLED =
      NseStatus.builder("nse-a", "vl3").connections(2, 2).bindings(2).build();

  private final StubNse nse = new StubNse(Everything.STATUS);
  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(1, Threads.daemons("metrics-test"));
  private final NsmRuntime runtime =
      NsmRuntime.of(
          threads.timer(),
          threads.blocking(),
          TransportOptions.of(io, threads.blocking()),
          new Random(1));

  @AfterEach
  void close() {
    io.close();
    threads.close();
  }

  @Test
  void originalNames_showTheOriginalsFigures_withoutLabels() throws Exception {
    Meter meter = runtime.board().measurements().meter("nse-a");
    meter.counter(Measure.REQUESTS, "peer", "establish", "ok").add();
    meter.counter(Measure.REQUESTS, "peer", "close", "ok").add();
    meter.counter(Measure.REQUESTS, "workload", "establish", "ok").add();
    meter.counter(Measure.DIALS, "ok").add();
    meter.counter(Measure.DIALS, "unavailable").add();
    meter.counter(Measure.FAILED_SEARCHES).add();
    try (MetricsServer server = open(new MetricsConfig(LOOPBACK, OptionalInt.of(0), true))) {
      assertThat(scrape(server))
          .contains(
              "nse_vl3_received_conn_requests_total 1.0",
              "nse_vl3_performed_conn_requests_total 3.0",
              "nse_vl3_failed_network_service_find_total 2.0",
              "nse_vl3_active_workload 1.0",
              "vl3_failed_searches_total{nse=\"nse-a\"} 2.0");
    }
    try (MetricsServer server = open()) {
      assertThat(scrape(server)).noneMatch(line -> line.contains("nse_vl3_"));
    }
  }

  @Test
  void everyFigureOfAnNse_isAGauge_andAnOverlapNamesBothSides() throws Exception {
    try (MetricsServer server = open()) {
      assertThat(scrape(server))
          .contains(
              "vl3_connections{nse=\"nse-a\",service=\"vl3\"} 3.0",
              "vl3_bindings{nse=\"nse-a\",service=\"vl3\"} 2.0",
              "vl3_workloads{nse=\"nse-a\",service=\"vl3\"} 1.0",
              "vl3_addresses{nse=\"nse-a\",prefix=\"10.60.0.0/24\",state=\"free\"} 245.0",
              "vl3_addresses{nse=\"nse-a\",prefix=\"10.60.0.0/24\",state=\"used\"} 8.0",
              "vl3_addresses{nse=\"nse-a\",prefix=\"10.60.0.0/24\",state=\"resting\"} 1.0",
              "vl3_addresses{nse=\"nse-a\",prefix=\"10.60.0.0/24\",state=\"excluded\"} 2.0",
              "vl3_registered{nse=\"nse-a\"} 0.0",
              "vl3_troubles{code=\"journal-failing\",nse=\"nse-a\"} 1.0",
              "vl3_troubles{code=\"no-prefix\",nse=\"nse-a\"} 0.0",
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
      nse.status(SETTLED);
      assertThat(scrape(server))
          .noneMatch(line -> line.matches("vl3_(prefix_overlap|peer_up|agent_up).*"))
          .contains("vl3_journal_failing{nse=\"nse-a\"} 0.0")
          .contains("vl3_connections{nse=\"nse-a\",service=\"vl3\"} 2.0");
    }
  }

  @Test
  void links_areShownWhileTheyAreThere_andThoseOfOthersNever() throws Exception {
    String labels =
        "{direction=\"%s\",kind=\"peer\",link=\"vl3-abc\",nse=\"nse-a\",other=\"nse-b\"}";
    try (MetricsServer server = open()) {
      assertThat(scrape(server))
          .contains(
              "vl3_link_packets_total" + labels.formatted("in") + " 1.0",
              "vl3_link_bytes_total" + labels.formatted("in") + " 2.0",
              "vl3_link_drops_total" + labels.formatted("in") + " 3.0",
              "vl3_link_packets_total" + labels.formatted("out") + " 4.0",
              "vl3_link_bytes_total" + labels.formatted("out") + " 5.0",
              "vl3_link_drops_total" + labels.formatted("out") + " 6.0",
              "vl3_link_up{kind=\"peer\",link=\"vl3-abc\",nse=\"nse-a\",other=\"nse-b\"} 1.0",
              "vl3_link_round_trip_seconds{kind=\"peer\",link=\"vl3-abc\",nse=\"nse-a\","
                  + "other=\"nse-b\"} 0.002")
          .noneMatch(line -> line.contains("eth0"));
      nse.links(List.of(), Everything.installed("eth0"));
      assertThat(scrape(server))
          .noneMatch(line -> line.matches("vl3_link_(up|round|packets|bytes|drops).*"))
          .contains("vl3_links_not_shown{nse=\"nse-a\"} 0.0");
    }
  }

  @Test
  void ofTooManyLinks_theRestIsCounted_withoutThoseOfOthers() throws Exception {
    String[] ours =
        IntStream.range(0, LinkSamples.MOST + 1)
            .mapToObj(number -> "vl3-" + number)
            .toArray(String[]::new);
    try (MetricsServer server = open()) {
      nse.links(
          Stream.of(ours).map(Everything::connection).toList(),
          Everything.installed(
              Stream.concat(Stream.of("eth0", "eth1"), Stream.of(ours)).toArray(String[]::new)));
      List<String> lines = scrape(server);
      assertThat(lines).contains("vl3_links_not_shown{nse=\"nse-a\"} 1.0");
      assertThat(lines.stream().filter(line -> line.startsWith("vl3_link_up{")))
          .hasSize(LinkSamples.MOST);
    }
  }

  @Test
  void aTrouble_isThatOfItsComponent_orOfTheProcess() throws Exception {
    runtime.reporter().of("nse-a").trouble(HealthCode.NO_PREFIX, "", "none yet");
    runtime.reporter().of("nse-z").trouble(HealthCode.PREFIX_SERVER_AWAY, "", "silent");
    try (MetricsServer server = open()) {
      assertThat(scrape(server))
          .contains(
              "vl3_troubles{code=\"no-prefix\",nse=\"nse-a\"} 1.0",
              "vl3_troubles{code=\"prefix-server-away\",nse=\"nse-a\"} 0.0",
              "vl3_troubles{code=\"no-prefix\",nse=\"\"} 0.0");
    }
  }

  @Test
  void aHistogram_hasCumulativeBuckets_inSeconds() throws Exception {
    runtime.reporter().of("nse-x").meter().times(Measure.DIAL_TIMES).add(2_000_000);
    runtime.reporter().of("nse-x").meter().times(Measure.DIAL_TIMES).add(60_000_000_000L);
    try (MetricsServer server = open()) {
      assertThat(scrape(server))
          .contains(
              "vl3_dial_seconds_bucket{nse=\"nse-x\",le=\"0.001\"} 0",
              "vl3_dial_seconds_bucket{nse=\"nse-x\",le=\"0.0025\"} 1",
              "vl3_dial_seconds_bucket{nse=\"nse-x\",le=\"10.0\"} 1",
              "vl3_dial_seconds_bucket{nse=\"nse-x\",le=\"+Inf\"} 2",
              "vl3_dial_seconds_count{nse=\"nse-x\"} 2",
              "vl3_dial_seconds_sum{nse=\"nse-x\"} 60.002");
    }
  }

  @Test
  void everythingThatThereIs_isExposedAsTheTableSays() throws Exception {
    try (MetricsServer server = open()) {
      assertThat(Exposition.of(text(server)).families())
          .containsExactlyInAnyOrderElementsOf(
              Family.all().stream().map(Exposition::line).toList());
    }
  }

  @Test
  void theProbes_areBesideTheFigures() throws Exception {
    try (MetricsServer server = open()) {
      assertThat(get(server, "livez").body()).endsWith("ok\n");
      assertThat(get(server, "readyz").statusCode()).isEqualTo(503);
      assertThat(get(server, "readyz").body())
          .contains("[-] nse-a registered: the manager has not answered yet\n")
          .endsWith("failed\n");
      assertThat(get(server, "startupz").statusCode()).isEqualTo(503);
      assertThat(get(server, "other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void takenPort_isNamed() throws IOException {
    try (MetricsServer other = open()) {
      MetricsConfig taken = new MetricsConfig(LOOPBACK, OptionalInt.of(other.port()));
      assertThatThrownBy(() -> open(taken))
          .hasMessageStartingWith(
              "metrics.port: /127.0.0.1:%d (expected: an address to listen on)"
                  .formatted(other.port()));
    }
  }

  @Test
  void withoutAPort_nothingIsListenedOn() throws IOException {
    MetricsConfig none = new MetricsConfig(LOOPBACK, OptionalInt.empty());
    try (MetricsServer server = open(none)) {
      assertThat(server.port()).isZero();
    }
  }

  private MetricsServer open() throws IOException {
    return open(new MetricsConfig(LOOPBACK, OptionalInt.of(0)));
  }

  private MetricsServer open(MetricsConfig config) throws IOException {
    return MetricsServer.open(config, runtime, Everything.in(runtime, nse));
  }

  @Test
  void openMetrics_isGivenToWhoAsksForIt() throws Exception {
    try (MetricsServer server = open()) {
      HttpRequest request =
          HttpRequest.newBuilder(url(server))
              .header("Accept", "application/openmetrics-text;version=1.0.0")
              .build();
      var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertThat(answer.headers().firstValue("content-type").orElse(""))
          .startsWith("application/openmetrics-text");
      assertThat(answer.body()).endsWith("# EOF\n");
    }
  }

  private static URI url(MetricsServer server) {
    return URI.create("http://%s:%d/metrics".formatted(LOOPBACK, server.port()));
  }

  private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
    URI uri = URI.create("http://%s:%d/%s".formatted(LOOPBACK, server.port(), path));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static String text(MetricsServer server) throws Exception {
    return get(server, "metrics").body();
  }

  private static List<String> scrape(MetricsServer server) throws Exception {
    String text = text(server);
    assertThat(text).contains("jvm_memory_used_bytes");
    return Stream.of(text.split("\n")).filter(line -> line.matches("(nse_)?vl3_.*")).toList();
  }
}
