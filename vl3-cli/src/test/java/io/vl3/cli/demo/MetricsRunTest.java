package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.metrics.Exposition;
import io.vl3.cli.metrics.Families;
import io.vl3.cli.process.Wait;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures and probes of real processes, with real links. */
@RequiresNetns
class MetricsRunTest {

  private static final Duration START = Duration.ofMinutes(2);

  @TempDir private Path dir;

  @Test
  void everythingThatRuns_isShownAsTheTableSays_andGoesWithIt() throws Exception {
    try (LiveNetwork live =
        LiveNetwork.build(
            DemoPlan.of(new DemoSize(2, 1, 1), dir.resolve("demo")),
            "metrics: {port: 9190, address: 127.0.0.1}\n")) {
      live.startAll();
      assertThat(live.pings().awaitAll(System.nanoTime(), START)).isEmpty();
      Domain domain = live.plan().domains().get(0);

      assertThat(code(domain, "livez")).isEqualTo(200);
      assertThat(code(domain, "startupz")).isEqualTo(200);
      assertThat(code(domain, "readyz")).isEqualTo(200);
      Wait.until(
          () -> "a probe was answered",
          () -> page(domain, "metrics").contains("vl3_link_round_trip_seconds{"));
      String text = page(domain, "metrics");
      List<String> exposed = Exposition.of(text).families();
      assertThat(Families.lines()).containsAll(exposed);
      assertThat(exposed).containsAll(Families.linesWithout(Families.ELSEWHERE));
      assertThat(value(text, "vl3_requests_total.*workload.*establish.*\"ok\".*")).isPositive();
      assertThat(value(text, "vl3_manager_requests_total.*establish.*ok.*")).isPositive();
      assertThat(value(text, "vl3_manager_link_changes_total.*put.*ok.*")).isPositive();
      assertThat(value(text, "vl3_journal_write_seconds_count.*")).isPositive();
      assertThat(value(text, "vl3_link_packets_total.*in.*peer.*")).isPositive();
      assertThat(value(text, "vl3_link_packets_total.*out.*workload.*")).isPositive();
      double used = value(text, "vl3_addresses.*used.*");
      assertThat(used).isPositive();
      assertThat(value(text, "vl3_workloads.*")).isEqualTo(1);

      live.end(LiveNetwork.clients(domain));
      Wait.until(
          () -> "the workload's link shows no more",
          () ->
              page(domain, "metrics")
                  .lines()
                  .noneMatch(line -> line.matches("vl3_link_.*kind=\"workload\".*")));
      assertThat(value(page(domain, "metrics"), "vl3_addresses.*used.*")).isLessThan(used);
    }
  }

  /** The first sample that a pattern fits. */
  private static double value(String text, String pattern) {
    return text.lines()
        .filter(line -> line.matches(pattern))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .max(Double::compare)
        .orElseThrow(() -> new AssertionError(pattern));
  }

  private static int code(Domain domain, String path) throws Exception {
    return ask(domain, path).code();
  }

  private static String page(Domain domain, String path) throws Exception {
    return ask(domain, path).body();
  }

  private record Answer(int code, String body) {}

  private static Answer ask(Domain domain, String path) throws Exception {
    return Netns.named(domain.node())
        .call(
            () -> {
              HttpURLConnection connection =
                  (HttpURLConnection)
                      URI.create("http://127.0.0.1:9190/" + path).toURL().openConnection();
              int code = connection.getResponseCode();
              byte[] body =
                  (code == 200 ? connection.getInputStream() : connection.getErrorStream())
                      .readAllBytes();
              return new Answer(code, new String(body, StandardCharsets.UTF_8));
            });
  }
}
