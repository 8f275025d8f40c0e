package io.vl3.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vl3.cli.Terminal;
import io.vl3.cli.assembly.InstanceLock;
import io.vl3.cli.assembly.Termination;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.page.Page;
import io.vl3.cli.pairs.Pair;
import io.vl3.failure.EndpointException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code vl3 demo}: one demonstration at a time on a machine, its report, and on request the wait
 * until the user has seen enough.
 */
public final class DemoRun {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Options options;
  private final Path runDir;
  private final PrintWriter out;
  private final PrintWriter err;

  /**
   * What the user asked for.
   *
   * @param size how big
   * @param vpp the VPP that NSEs have; empty: the kernel carries their packets
   * @param tracing whether and where its processes send spans
   * @param keep whether it stays until the process is asked to end
   * @param page whether it is shown in a browser too, and stays for that
   * @param json whether the report is JSON
   */
  public record Options(
      DemoSize size,
      Optional<VppPrograms> vpp,
      TracingConfig tracing,
      boolean keep,
      boolean page,
      boolean json) {}

  /**
   * A run; nothing happens before {@link #run}.
   *
   * @param runDir where the demonstration's own directory and lock go
   */
  public DemoRun(Options options, Path runDir, PrintWriter out, PrintWriter err) {
    this.options = options;
    this.runDir = runDir;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs it; afterwards nothing of it is left, also if it fails or the process is asked to end.
   *
   * @return whether all pairs answered
   */
  @SuppressWarnings("try") // the lock is only held
  public boolean run() throws IOException, EndpointException, InterruptedException {
    Path dir = runDir.resolve("demo");
    TraceRelay traces = new TraceRelay(options.tracing());
    traces.trouble().ifPresent(err::println);
    try (InstanceLock lock = InstanceLock.take(runDir.resolve("demo.lock"), "vl3 demo");
        Termination termination = Termination.listen();
        Demo demo = new Demo(options.size(), options.vpp(), traces, dir, PATIENCE, progress())) {
      DemoReport report = demo.run(termination);
      show(demo, report);
      if (options.page()) {
        keepWithPage(demo, dir, termination, report.results());
      } else if (options.keep()) {
        keep(demo, termination, report.results());
      }
      return report.allAnswer();
    }
  }

  private Progress progress() {
    return new Progress(err, Terminal.isStderr());
  }

  private void show(Demo demo, DemoReport report) throws IOException {
    out.print(
        options.json()
            ? new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(report)
                + "\n"
            : ReportText.of(demo.plan(), report));
    out.flush();
  }

  private void keepWithPage(Demo demo, Path dir, Termination termination, List<Pair> results)
      throws IOException, InterruptedException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Page page = Page.open(dir, free)) {
      err.println("page: " + page.url());
      keep(demo, termination, results);
    }
  }

  /** Fetches on and on, and reports what changes. */
  private void keep(Demo demo, Termination termination, List<Pair> results)
      throws InterruptedException {
    err.println("kept; end it with Ctrl-C or SIGTERM, which removes everything");
    err.flush();
    List<Pair> before = results;
    while (!termination.await(LOOK_AGAIN)) {
      List<Pair> now = demo.fetchAll();
      tellChanges(before, now);
      before = now;
    }
  }

  private void tellChanges(List<Pair> before, List<Pair> now) {
    Map<String, Boolean> was = before.stream().collect(Collectors.toMap(DemoRun::key, Pair::ok));
    for (Pair pair : now) {
      if (pair.ok() != was.getOrDefault(key(pair), false)) {
        err.println(key(pair) + (pair.ok() ? " answers again" : " fails: " + pair.error()));
      }
    }
    err.flush();
  }

  private static String key(Pair pair) {
    return pair.from() + " -> " + pair.to();
  }
}
