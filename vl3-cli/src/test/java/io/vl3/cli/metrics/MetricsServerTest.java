package io.vl3.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.cli.assembly.Threads;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.links.LinksStatus;
import io.vl3.mesh.Dialler;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.DomainStatus;
import io.vl3.status.NseStatus;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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
    return MetricsServer.open(config, runtime, nses::get);
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

  private static List<String> scrape(MetricsServer server) throws Exception {
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(url(server)).build(), BodyHandlers.ofString())
            .body();
    assertThat(text).contains("jvm_memory_used_bytes");
    return Stream.of(text.split("\n")).filter(line -> line.startsWith("vl3_")).toList();
  }

  private static PeerStatus peer(String name, PeerState state, int failures) {
    return new PeerStatus(
        name, state, Instant.EPOCH, Optional.empty(), failures, List.of(), Dialler.US);
  }
}
