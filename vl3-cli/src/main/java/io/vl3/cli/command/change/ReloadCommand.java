package io.vl3.cli.command.change;

import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.SettingChange;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.command.shared.MachineOptions;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 reload}: has processes read their configuration again. */
@Command(
    name = "reload",
    description = {
      "Have each `vl3 run` of this machine read its configuration again, as SIGHUP does, and print"
          + " what has changed. No connection is lost.",
      "If a setting differs that changes with `vl3 restart` only, all of them are named and nothing"
          + " is applied; nor is a file with mistakes. Ends with 1 or 2 then."
    })
public final class ReloadCommand implements Callable<Integer> {

  private static final String RUN = "run";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..*", paramLabel = "NSE", description = "Only the processes of these NSEs.")
  private List<String> nses = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Read this file once, in place of the one that the process was started with, which it reads"
              + " at the next reload or restart.")
  private Optional<Path> file = Optional.empty();

  @Mixin private MachineOptions options = new MachineOptions();

  /** Picocli makes it. */
  public ReloadCommand() {}

  /** A process and how it is doing. */
  private record Asked(AdminClient client, ProcessStatus status) {

    boolean isNamed(List<String> names) {
      return names.isEmpty()
          || status.getNsesList().stream().map(Nse::getName).anyMatch(names::contains);
    }

    String names() {
      return String.join(", ", status.getNsesList().stream().map(Nse::getName).toList());
    }
  }

  @Override
  public Integer call() throws EndpointException {
    try (Fleet fleet = options.open()) {
      List<Asked> all =
          fleet.each(client -> new Asked(client, client.status())).stream()
              .filter(asked -> asked.status.getProcess().getCommand().equals(RUN))
              .filter(asked -> asked.isNamed(nses))
              .toList();
      if (all.isEmpty()) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "NSE: %s (expected: one that runs on this machine)".formatted(String.join(", ", nses)),
            "`vl3 status` lists them.");
      }
      ExitCode worst = fleet.silent().isEmpty() ? ExitCode.OK : ExitCode.UNREACHABLE;
      fleet.silent().values().forEach(why -> print(spec.commandLine().getErr(), why));
      for (Asked asked : all) {
        ExitCode code = reload(asked);
        worst = code == ExitCode.OK ? worst : code;
      }
      return worst.value();
    }
  }

  private ExitCode reload(Asked asked) {
    try {
      List<SettingChange> changes = asked.client.reload(file);
      PrintWriter out = spec.commandLine().getOut();
      if (changes.isEmpty()) {
        print(out, asked.names() + ": nothing has changed");
      }
      for (SettingChange change : changes) {
        print(
            out,
            "%s: %s: %s (was %s)"
                .formatted(
                    asked.names(), change.getSetting(), change.getAfter(), change.getBefore()));
      }
      return ExitCode.OK;
    } catch (EndpointException refused) {
      refused
          .getMessage()
          .lines()
          .forEach(line -> print(spec.commandLine().getErr(), "vl3: " + line));
      return refused.reason() == Reason.INVALID ? ExitCode.USAGE : ExitCode.of(refused.reason());
    }
  }

  private static void print(PrintWriter to, String line) {
    to.println(Printable.of(line));
    to.flush();
  }
}
