package io.vl3.cli.probe;

import io.vl3.admin.Observed;
import io.vl3.cli.http.Reply;
import io.vl3.internal.log.Printable;
import io.vl3.time.Timer;
import io.vl3.transport.IoThreads;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The pages that Kubernetes and the like ask: 200 if all is well, else 503, with a line for each
 * check. Thread-safe.
 */
public final class Probes {

  private final Liveness liveness;
  private final Readiness readiness;

  /**
   * Probes of this process.
   *
   * @param process what it has
   * @param timer its clock, whose thread has to answer
   * @param io its threads of sockets, which have to answer
   */
  public Probes(Observed process, Timer timer, IoThreads io) {
    this.liveness = new Liveness(timer, io);
    this.readiness = new Readiness(process);
  }

  /** The page at a path; empty if it is none of ours. May block briefly. */
  public Optional<Reply> get(String path) {
    return switch (path) {
      case "/livez" -> Optional.of(page(liveness.checks()));
      case "/readyz" -> Optional.of(page(readiness.ready()));
      case "/startupz" -> Optional.of(page(readiness.started()));
      default -> Optional.empty();
    };
  }

  private static Reply page(List<Check> checks) {
    boolean well = checks.stream().allMatch(Check::isWell);
    String lines =
        checks.stream()
            .map(check -> Printable.of(check.line()) + "\n")
            .collect(Collectors.joining());
    return Reply.text(well ? 200 : 503, lines + (well ? "ok\n" : "failed\n"));
  }
}
