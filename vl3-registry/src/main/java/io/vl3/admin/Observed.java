package io.vl3.admin;

import io.vl3.health.HealthBoard;
import io.vl3.status.ManagerStatus;
import io.vl3.status.NseView;
import io.vl3.status.WorkloadView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the admin service of a process shows. The suppliers are asked at each call, from several
 * threads.
 *
 * @param command what the process is, such as {@code run}
 * @param version of the program
 * @param started when the process began
 * @param board what its components report
 * @param nses its NSEs
 * @param workloads its workloads
 * @param manager the machine's manager, while it runs here
 * @param logLevels changes what is logged
 * @param control what it can be told to do
 */
public record Observed(
    String command,
    String version,
    Instant started,
    HealthBoard board,
    Supplier<List<? extends NseView>> nses,
    Supplier<List<? extends WorkloadView>> workloads,
    Supplier<Optional<ManagerStatus>> manager,
    LogLevels logLevels,
    Control control) {

  /** A process of which nothing is shown yet but that it runs. */
  public static Observed of(String command, String version, Instant started, HealthBoard board) {
    return new Observed(
        command,
        version,
        started,
        board,
        List::of,
        List::of,
        Optional::empty,
        LogLevels.FIXED,
        Control.NONE);
  }

  /** The same with NSEs. */
  public Observed withNses(Supplier<List<? extends NseView>> value) {
    return new Observed(
        command, version, started, board, value, workloads, manager, logLevels, control);
  }

  /** The same with workloads. */
  public Observed withWorkloads(Supplier<List<? extends WorkloadView>> value) {
    return new Observed(command, version, started, board, nses, value, manager, logLevels, control);
  }

  /** The same with a manager. */
  public Observed withManager(Supplier<Optional<ManagerStatus>> value) {
    return new Observed(
        command, version, started, board, nses, workloads, value, logLevels, control);
  }

  /** The same with a log whose level can be changed. */
  public Observed withLogLevels(LogLevels value) {
    return new Observed(command, version, started, board, nses, workloads, manager, value, control);
  }

  /** The same with what it can be told to do. */
  public Observed withControl(Control value) {
    return new Observed(
        command, version, started, board, nses, workloads, manager, logLevels, value);
  }
}
