package io.vl3.cli.command.check;

import io.vl3.admin.AdminClient;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.command.file.JournalsCommand;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.FleetOptions;
import io.vl3.cli.report.Report;
import io.vl3.failure.EndpointException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 report}: one archive for a bug report. */
@Command(
    name = "report",
    description = {
      "Write one archive for a bug report: what every vl3 process of this machine says of itself,"
          + " its configuration, log, figures and threads, and the links, routes and rules of the"
          + " namespaces.",
      "Secrets, tokens and keys are taken out; look through it before you hand it on. What could"
          + " not be had is listed on the standard error and in the archive."
    })
public final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Where it goes, a new file. Default: vl3-report-TIME.tar.gz in the current directory.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A configuration that goes in too; may be repeated. Those that processes were started"
              + " with are found.")
  private List<Path> configs = List.of();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description =
          "A file with log lines whose end goes in too; may be repeated. Files that processes write"
              + " their standard error to are found.")
  private List<Path> logs = List.of();

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = CheckedTime.class,
      description = "How long it may take, as in 30s. Default: ${DEFAULT-VALUE}.")
  private Duration limit = Duration.ofSeconds(30);

  @Mixin private FleetOptions options = new FleetOptions();

  /** Picocli makes it. */
  public ReportCommand() {}

  @Override
  public Integer call() throws EndpointException {
    Instant now = Instant.now();
    Path archive = file.orElseGet(() -> Report.name(now));
    Report.Wish wish = new Report.Wish(options.runDirectory(), configs, logs, limit);
    try (Threads threads = new Threads()) {
      Report report = new Report(wish, threads);
      gather(report);
      report.write(archive, now).forEach(line -> spec.commandLine().getErr().println(line));
      spec.commandLine().getErr().flush();
      spec.commandLine().getOut().println(archive);
      spec.commandLine().getOut().flush();
      return ExitCode.OK.value();
    } catch (FileAlreadyExistsException there) {
      throw new CliException(
          ExitCode.USAGE, "--file: %s (expected: a new file)".formatted(archive), "", there);
    } catch (IOException failure) {
      throw new CliException(
          ExitCode.FAILED,
          "report: %s: %s".formatted(archive, failure),
          "Choose another place with --file.",
          failure);
    }
  }

  /** A machine where nothing runs any more has its report too. */
  private void gather(Report report) throws EndpointException, IOException {
    Path journals = options.runDirectory().resolve("journal");
    String listed = JournalsCommand.list(journals, options.runDirectory()).json();
    Optional<Fleet> found = options.openIfAny();
    if (found.isEmpty()) {
      report.gather(List.<AdminClient>of(), listed);
      return;
    }
    try (Fleet fleet = found.get()) {
      report.gather(fleet.clients(), listed);
    }
  }
}
