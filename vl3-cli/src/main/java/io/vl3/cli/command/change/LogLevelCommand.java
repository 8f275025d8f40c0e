package io.vl3.cli.command.change;

import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.LogLevel;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.MachineOptions;
import io.vl3.failure.EndpointException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 log-level}: what running processes log. */
@Command(
    name = "log-level",
    description = {
      "Set what running processes log: trace, debug, info, warn, error or off.",
      "Without NSE all processes of the machine are told; with the name of an NSE, or of a workload"
          + " of vl3 client, the one that has it. LOGGER narrows it to a part of the program, as in"
          + " io.vl3.mesh; default: io.vl3."
    })
public final class LogLevelCommand implements Callable<Integer> {

  private static final Duration LONGEST = Duration.ofDays(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..3",
      paramLabel = "[NSE] LEVEL [LOGGER]",
      description = "Whose, which level, and of which part.")
  private List<String> words = List.of();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = CheckedTime.class,
      description =
          "After that time it is as it was before the first change, as in 10m. Default: it stays.")
  private Optional<Duration> time = Optional.empty();

  @Mixin private MachineOptions processes = new MachineOptions();

  /** Picocli makes it. */
  public LogLevelCommand() {}

  @Override
  public Integer call() throws EndpointException {
    boolean named = !isLevel(words.get(0));
    List<String> rest = named ? words.subList(1, words.size()) : words;
    if (rest.isEmpty() || rest.size() > 2 || !isLevel(rest.get(0))) {
      throw new ParameterException(
          spec.commandLine(),
          "LEVEL: %s (expected: trace, debug, info, warn, error or off)"
              .formatted(rest.isEmpty() ? "none" : rest.get(0)));
    }
    if (time.filter(asked -> asked.toSeconds() < 1 || asked.compareTo(LONGEST) > 0).isPresent()) {
      throw new ParameterException(spec.commandLine(), "--for: (expected: 1s..720h)");
    }
    Optional<String> name = named ? Optional.of(words.get(0)) : Optional.empty();
    String logger = rest.size() > 1 ? rest.get(1) : "";
    try (Fleet fleet = processes.open()) {
      List<Optional<String>> told =
          fleet.each(client -> tell(client, name, rest.get(0).toLowerCase(Locale.ROOT), logger));
      List<String> lines = told.stream().flatMap(Optional::stream).toList();
      if (lines.isEmpty()) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "%s: not found (expected: an NSE or a workload of this machine)"
                .formatted(name.orElse("processes")),
            "See `vl3 status`.");
      }
      lines.forEach(spec.commandLine().getOut()::println);
      spec.commandLine().getOut().flush();
      fleet.silent().forEach((socket, why) -> spec.commandLine().getErr().println("vl3: " + why));
      return fleet.silent().isEmpty() ? ExitCode.OK.value() : ExitCode.UNREACHABLE.value();
    }
  }

  private Optional<String> tell(
      AdminClient client, Optional<String> name, String level, String logger)
      throws EndpointException {
    ProcessStatus process = client.status();
    if (name.isPresent() && !has(process, name.get())) {
      return Optional.empty();
    }
    String before = client.setLogLevel(logger, level, time);
    return Optional.of(
        "%s %d: %s is %s%s, was %s"
            .formatted(
                process.getProcess().getCommand(),
                process.getProcess().getPid(),
                logger.isEmpty() ? "io.vl3" : logger,
                level,
                time.map(length -> " for " + length.toSeconds() + " s").orElse(""),
                before));
  }

  private static boolean has(ProcessStatus process, String name) {
    return process.getNsesList().stream().anyMatch(nse -> nse.getName().equals(name))
        || process.getWorkloadsList().stream().anyMatch(each -> each.getName().equals(name));
  }

  private static boolean isLevel(String word) {
    try {
      var unused = LogLevel.parse(word);
      return true;
    } catch (IllegalArgumentException other) {
      return false;
    }
  }
}
