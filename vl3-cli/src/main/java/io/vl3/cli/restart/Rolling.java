package io.vl3.cli.restart;

import com.google.protobuf.Timestamp;
import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Workload;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.failure.EndpointException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A rolling restart: each process starts anew, and only when its NSEs have what they had before,
 * and everybody else too, the next one does. It ends at the first that does not come back.
 */
public final class Rolling {

  private static final long LOOK_MILLIS = 100;

  /** After a reload an NSE may be registering anew, and links come: that is no reason to refuse. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private final Asking asking;
  private final Duration patience;
  private final Consumer<String> lines;

  /** Opens the processes that are asked; at each look, as one that starts anew is another. */
  @FunctionalInterface
  public interface Asking {
    Fleet open() throws EndpointException;
  }

  /**
   * A restart.
   *
   * @param patience how long each may take
   * @param lines told of each that is done
   */
  public Rolling(Asking asking, Duration patience, Consumer<String> lines) {
    this.asking = asking;
    this.patience = patience;
    this.lines = lines;
  }

  /** One process that is to start anew. */
  private record Target(AdminClient client, ProcessStatus status) {

    String names() {
      return String.join(", ", Rolling.names(status));
    }
  }

  /**
   * Restarts.
   *
   * @param names of network services, of NSEs, or of workloads
   * @param force also where somebody is not well before
   * @throws CliException NOT_FOUND if a name is nobody's; DEGRADED if an NSE is not well before
   *     within some seconds, and nothing was restarted; FAILED if one does not come back, and those
   *     after it were not
   */
  public void run(List<String> names, boolean force)
      throws EndpointException, InterruptedException {
    try (Fleet fleet = asking.open()) {
      List<Target> all = targets(fleet);
      refuseUnknown(names, all);
      Standing before = Standing.of(all.stream().map(Target::status).toList());
      if (!force) {
        awaitWell(before, () -> Standing.of(now()), SETTLING);
      }
      for (Target target : all) {
        if (isNamed(target.status, names)) {
          restart(target, force ? before : Standing.of(now()));
        }
      }
    }
  }

  /** Looks at what all have now. */
  @FunctionalInterface
  interface Look {
    Standing take() throws EndpointException;
  }

  /**
   * Returns when nobody has a trouble.
   *
   * @throws CliException DEGRADED if a trouble does not pass
   */
  static void awaitWell(Standing first, Look look, Duration atMost)
      throws EndpointException, InterruptedException {
    long begin = System.nanoTime();
    Optional<String> trouble = first.trouble();
    while (trouble.isPresent()) {
      if (System.nanoTime() - begin >= atMost.toNanos()) {
        throw new CliException(
            ExitCode.DEGRADED,
            trouble.get() + " (expected: up, before anything is restarted)",
            "Nothing was restarted. See `vl3 status`, or restart all the same with --force.");
      }
      Thread.sleep(LOOK_MILLIS);
      trouble = look.take().trouble();
    }
  }

  /** On a machine that is busy an answer may take its time. */
  private List<Target> targets(Fleet fleet) throws EndpointException {
    List<Target> all = fleet.each(client -> new Target(client, client.status()));
    if (!fleet.silent().isEmpty()) {
      fleet.silent().clear();
      all = fleet.each(client -> new Target(client, client.status()));
    }
    refuseSilent(fleet);
    return all;
  }

  private void restart(Target target, Standing before)
      throws EndpointException, InterruptedException {
    long begin = System.nanoTime();
    target.client.restart();
    Optional<String> lack = lack(target, before);
    while (lack.isPresent()) {
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new CliException(
            ExitCode.FAILED,
            "%s, %d s after the restart of %s"
                .formatted(lack.get(), patience.toSeconds(), target.names()),
            "Those after it were not restarted. See its own output, and `vl3 status`.");
      }
      Thread.sleep(LOOK_MILLIS);
      lack = lack(target, before);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    lines.accept("%s: restarted in %.1f s".formatted(target.names(), seconds));
  }

  private Optional<String> lack(Target target, Standing before) {
    try {
      List<ProcessStatus> now = now();
      boolean anew = now.stream().anyMatch(status -> isSuccessor(status, target.status));
      return anew
          ? Standing.of(now).lackOf(before)
          : Optional.of(target.names() + ": has not started");
    } catch (EndpointException | CliException silent) {
      return Optional.of(String.valueOf(silent.getMessage()));
    }
  }

  private List<ProcessStatus> now() throws EndpointException {
    try (Fleet fleet = asking.open()) {
      return fleet.status();
    }
  }

  private static boolean isSuccessor(ProcessStatus now, ProcessStatus before) {
    return names(now).equals(names(before))
        && isLater(now.getProcess().getStarted(), before.getProcess().getStarted());
  }

  private static boolean isLater(Timestamp one, Timestamp other) {
    return one.getSeconds() != other.getSeconds()
        ? one.getSeconds() > other.getSeconds()
        : one.getNanos() > other.getNanos();
  }

  /** The NSEs and workloads of a process, in an order of their own. */
  private static List<String> names(ProcessStatus status) {
    return Stream.concat(
            status.getNsesList().stream().map(Nse::getName),
            status.getWorkloadsList().stream().map(Workload::getName))
        .sorted()
        .toList();
  }

  private static boolean isNamed(ProcessStatus status, List<String> names) {
    return status.getNsesList().stream()
            .anyMatch(nse -> names.contains(nse.getName()) || names.contains(nse.getService()))
        || status.getWorkloadsList().stream().anyMatch(each -> names.contains(each.getName()));
  }

  private static void refuseSilent(Fleet fleet) {
    if (!fleet.silent().isEmpty()) {
      throw new CliException(
          ExitCode.UNREACHABLE,
          String.join("; ", fleet.silent().values()),
          "Nothing was restarted. End what does not answer, or name the others by --socket.");
    }
  }

  private static void refuseUnknown(List<String> names, List<Target> all) {
    for (String name : names) {
      boolean known = all.stream().anyMatch(target -> isNamed(target.status, List.of(name)));
      if (!known) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "NAME: %s (expected: a network service, an NSE or a workload of this machine)"
                .formatted(name),
            "`vl3 status` lists them.");
      }
    }
  }
}
