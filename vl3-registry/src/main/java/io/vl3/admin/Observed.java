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
 * What the admin service of a process shows: it begins with {@link #of}, and takes what the process
 * has. Immutable. The suppliers are asked at each call, from several threads.
 */
public final class Observed {

  private final String command;
  private final String version;
  private final Instant started;
  private final HealthBoard board;
  private final Supplier<List<? extends NseView>> nses;
  private final Supplier<List<? extends WorkloadView>> workloads;
  private final Supplier<Optional<ManagerStatus>> manager;
  private final LogLevels logLevels;
  private final Control control;

  private Observed(Parts parts) {
    this.command = parts.command;
    this.version = parts.version;
    this.started = parts.started;
    this.board = parts.board;
    this.nses = parts.nses;
    this.workloads = parts.workloads;
    this.manager = parts.manager;
    this.logLevels = parts.logLevels;
    this.control = parts.control;
  }

  /**
   * A process of which nothing is shown yet but that it runs.
   *
   * @param command what the process is, such as {@code run}
   * @param version of the program
   * @param started when the process began
   * @param board what its components report
   */
  public static Observed of(String command, String version, Instant started, HealthBoard board) {
    return new Observed(new Parts(command, version, started, board));
  }

  /** The same with NSEs. */
  public Observed withNses(Supplier<List<? extends NseView>> value) {
    Parts changed = new Parts(this);
    changed.nses = value;
    return new Observed(changed);
  }

  /** The same with workloads. */
  public Observed withWorkloads(Supplier<List<? extends WorkloadView>> value) {
    Parts changed = new Parts(this);
    changed.workloads = value;
    return new Observed(changed);
  }

  /** The same with a manager, while it runs here. */
  public Observed withManager(Supplier<Optional<ManagerStatus>> value) {
    Parts changed = new Parts(this);
    changed.manager = value;
    return new Observed(changed);
  }

  /** The same with a log whose level can be changed. */
  public Observed withLogLevels(LogLevels value) {
    Parts changed = new Parts(this);
    changed.logLevels = value;
    return new Observed(changed);
  }

  /** The same with what it can be told to do. */
  public Observed withControl(Control value) {
    Parts changed = new Parts(this);
    changed.control = value;
    return new Observed(changed);
  }

  /** What the process is, such as {@code run}. */
  public String command() {
    return command;
  }

  /** Of the program. */
  public String version() {
    return version;
  }

  /** When the process began. */
  public Instant started() {
    return started;
  }

  /** What the process's components report. */
  public HealthBoard board() {
    return board;
  }

  /** Its NSEs. */
  public Supplier<List<? extends NseView>> nses() {
    return nses;
  }

  /** Its workloads. */
  public Supplier<List<? extends WorkloadView>> workloads() {
    return workloads;
  }

  /** The machine's manager, while it runs here. */
  public Supplier<Optional<ManagerStatus>> manager() {
    return manager;
  }

  /** Changes what is logged. */
  public LogLevels logLevels() {
    return logLevels;
  }

  /** What it can be told to do. */
  public Control control() {
    return control;
  }

  /** What a view is made of, while it is changed. */
  private static final class Parts {

    private final String command;
    private final String version;
    private final Instant started;
    private final HealthBoard board;
    private Supplier<List<? extends NseView>> nses = List::of;
    private Supplier<List<? extends WorkloadView>> workloads = List::of;
    private Supplier<Optional<ManagerStatus>> manager = Optional::empty;
    private LogLevels logLevels = LogLevels.FIXED;
    private Control control = Control.NONE;

    Parts(String command, String version, Instant started, HealthBoard board) {
      this.command = command;
      this.version = version;
      this.started = started;
      this.board = board;
    }

    Parts(Observed from) {
      this(from.command, from.version, from.started, from.board);
      this.nses = from.nses;
      this.workloads = from.workloads;
      this.manager = from.manager;
      this.logLevels = from.logLevels;
      this.control = from.control;
    }
  }
}
