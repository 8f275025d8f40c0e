package io.vl3.cli.command.check;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.command.shared.FleetOptions;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.diagnose.Checks;
import io.vl3.cli.diagnose.Diagnosis;
import io.vl3.cli.diagnose.Diagnosis.Cause;
import io.vl3.cli.diagnose.DiagnosisJson;
import io.vl3.cli.diagnose.DiagnosisText;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.scene.KernelFiles;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Setup;
import io.vl3.failure.EndpointException;
import io.vl3.health.Severity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 diagnose}: what is wrong, what it comes from, what to do. */
@Command(
    name = "diagnose",
    description = {
      "Find out what is wrong with the vl3 processes of this machine and what they need: the first"
          + " line names the cause, and what it explains stands below it. Every check says what it"
          + " tried and what came out; nothing is changed.",
      "With --config it also checks what a process of that file would need that does not run yet.",
      "Ends with 0 if nothing is wrong, with 1 if something is, with 4 if no process runs and no"
          + " file was named, with 5 if there are warnings alone."
    })
public final class DiagnoseCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NSE",
      description = "Only what concerns this NSE. Default: everything.")
  private Optional<String> nse = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of `vl3 run`, which need not run.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description =
          "Directory in which the machine's vl3 processes meet. Default: that of --config, else"
              + " $VL3_RUN_DIR, else /run/vl3.")
  private Optional<String> runDirectory = Optional.empty();

  @Mixin private OutputOption output = new OutputOption();

  /** Picocli makes it. */
  public DiagnoseCommand() {}

  @Override
  public Integer call() throws EndpointException {
    Optional<Setup> setup = file.map(this::setup);
    Path directory = directory(setup);
    Scene scene = Scene.open(directory, setup, KernelFiles.ofMachine(), InstantSource.system());
    nse.ifPresent(name -> checkName(scene, name));
    try (Threads threads = new Threads()) {
      Diagnosis diagnosis = Diagnosis.of(scene, Checks.all(), nse.orElse(""), threads.blocking());
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.json()
              ? DiagnosisJson.of(diagnosis)
              : DiagnosisText.of(diagnosis, FleetOptions.paint()));
      out.flush();
      return exitCode(diagnosis.causes()).value();
    }
  }

  private Setup setup(Path path) {
    Overrides overrides = runDirectory.map(Overrides.NONE::withRunDirectory).orElse(Overrides.NONE);
    return Setup.ofFile(path, System.getenv(), overrides);
  }

  private Path directory(Optional<Setup> setup) {
    String fallback = System.getenv().getOrDefault("VL3_RUN_DIR", "/run/vl3");
    return setup
        .flatMap(Setup::nses)
        .map(config -> config.state().directory())
        .orElseGet(() -> Path.of(runDirectory.orElse(fallback)))
        .toAbsolutePath()
        .normalize();
  }

  private static void checkName(Scene scene, String name) {
    Set<String> known = new TreeSet<>();
    scene.subjects().forEach(subject -> known.addAll(subject.nseNames()));
    if (!known.contains(name)) {
      throw new CliException(
          ExitCode.NOT_FOUND,
          "NSE: %s (expected: one of %s)".formatted(name, known.stream().limit(20).toList()),
          "`vl3 status` lists the NSEs of this machine.");
    }
  }

  private static ExitCode exitCode(List<Cause> causes) {
    if (causes.isEmpty()) {
      return ExitCode.OK;
    }
    if (causes.get(0).finding().fault() == Fault.NO_PROCESS) {
      return ExitCode.NOT_FOUND;
    }
    return causes.get(0).severity() == Severity.ERROR ? ExitCode.FAILED : ExitCode.DEGRADED;
  }
}
