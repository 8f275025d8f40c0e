package io.vl3.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vl3.admin.Observed;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.http.Request;
import io.vl3.cli.probe.Probes;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus's own tool finds nothing to say about what is exposed, and the alerts work. */
@RequiresPromtool
class PromtoolTest {

  @TempDir private Path dir;

  @Test
  void metrics_areAsPrometheusWantsThem() throws Exception {
    try (Threads threads = new Threads();
        IoThreads io = new IoThreads(1, Threads.daemons("promtool-test"))) {
      TransportOptions options = TransportOptions.of(io, threads.blocking());
      NsmRuntime runtime =
          NsmRuntime.of(threads.timer(), threads.blocking(), options, new Random(1));
      Observed process = Everything.in(runtime, new StubNse(Everything.STATUS));
      PrometheusRegistry registry = new PrometheusRegistry();
      JvmMetrics.builder().register(registry);
      registry.register(new FigureCollector(process));
      registry.register(new MeasureCollector(process.board().measurements()));
      Figures figures = new Figures(registry, new Probes(process, threads.timer(), io));
      String text =
          StandardCharsets.UTF_8
              .decode(figures.get(new Request("/metrics", Map.of(), "")).body())
              .toString();
      assertThat(text).contains("vl3_requests_total", "jvm_memory_used_bytes");
      assertThat(run(text, "check", "metrics")).isEmpty();
    }
  }

  @Test
  void alerts_areWellFormed_andFireWhenTheyShall() throws Exception {
    assertThat(run("", "check", "rules", "../examples/kubernetes/vl3/files/rules.yml"))
        .contains("SUCCESS");
    assertThat(run("", "test", "rules", "../examples/kubernetes/vl3-rules-test.yml"))
        .contains("SUCCESS");
  }

  /** What it prints; fails if it finds fault. */
  private String run(String input, String... words) throws Exception {
    Path in = dir.resolve("in");
    Path out = dir.resolve("out");
    Files.writeString(in, input, StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    int code =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start()
            .waitFor();
    String said = Files.readString(out);
    assertThat(code).as(said).isZero();
    return said;
  }
}
