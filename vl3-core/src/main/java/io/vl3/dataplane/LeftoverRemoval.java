package io.vl3.dataplane;

import io.vl3.endpoint.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what an earlier life left behind: links with our tag that were there at the start and
 * that nobody has asked for again when a grace period is over.
 */
public final class LeftoverRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(LeftoverRemoval.class);

  private final LinkProgram program;
  private final Timer timer;
  private final Executor executor;
  private final Duration timeout;

  /**
   * A removal.
   *
   * @param executor where the data plane is called, which blocks
   * @param timeout how long looking and removing may take, each
   */
  public LeftoverRemoval(LinkProgram program, Timer timer, Executor executor, Duration timeout) {
    this.program = program;
    this.timer = timer;
    this.executor = executor;
    this.timeout = timeout;
  }

  /**
   * What was found and what became of it.
   *
   * @param found what nobody wanted when the grace period was over
   * @param removed outcomes; empty after a dry run
   */
  public record Report(Set<LinkKey> found, Map<LinkKey, LinkOutcome> removed) {

    /** Copies the collections. */
    public Report {
      found = Set.copyOf(found);
      removed = Map.copyOf(removed);
    }
  }

  /**
   * Looks now, and again after the grace period; does not block.
   *
   * @param dryRun only report
   * @return the report, or an {@link EndpointException} if the data plane did not answer in time
   */
  public CompletionStage<Report> after(Duration grace, boolean dryRun) {
    CompletableFuture<Report> report = new CompletableFuture<>();
    attempt(
        report,
        () -> {
          Set<LinkKey> early = program.leftovers(deadline());
          timer.after(grace, () -> attempt(report, () -> report.complete(remove(early, dryRun))));
        });
    return report;
  }

  private Report remove(Set<LinkKey> early, boolean dryRun) throws EndpointException {
    Set<LinkKey> found = new HashSet<>(program.leftovers(deadline()));
    found.retainAll(early);
    LOG.info("leftover links: {}{}", found, dryRun ? " (dry run: they stay)" : "");
    return new Report(found, dryRun ? Map.of() : program.removeUnwanted(found, deadline()));
  }

  private void attempt(CompletableFuture<Report> report, Step step) {
    executor.execute(
        () -> {
          try {
            step.run();
          } catch (EndpointException | RuntimeException failure) {
            report.completeExceptionally(failure);
          }
        });
  }

  private Deadline deadline() {
    return Deadline.after(timeout, timer);
  }

  /** Something that asks the data plane. */
  private interface Step {
    void run() throws EndpointException;
  }
}
