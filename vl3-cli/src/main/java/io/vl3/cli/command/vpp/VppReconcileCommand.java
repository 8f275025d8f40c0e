package io.vl3.cli.command.vpp;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Nses;
import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.command.shared.RunDirOption;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.render.LeftoverText;
import io.vl3.cli.render.LeftoverTree;
import io.vl3.failure.EndpointException;
import io.vl3.internal.process.ProcessLock;
import io.vl3.vpp.VppLeftovers;
import io.vl3.vpp.VppLeftovers.Leftover;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vl3 vpp reconcile}: removes what NSEs that do not run have left in VPP. */
@Command(
    name = "reconcile",
    description = {
      "Remove what NSEs that do not run any more have left in the agent and in VPP.",
      "An NSE that runs looks after its own: nothing of it is touched.",
      "Exits with 5 if something is left."
    })
final class VppReconcileCommand implements Callable<Integer> {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.[0-9]+\\.[0-9]+\\.[0-9]+|\\[::1]");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions agent = new AgentOptions();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private RunDirOption runDir = new RunDirOption();

  @Option(
      names = "--nse",
      paramLabel = "NAME",
      converter = CheckedText.Name.class,
      description = "An NSE by its own name; may be repeated. Default: those of --config.")
  private List<String> nses = List.of();

  @Option(names = "--dry-run", description = "Only show what would be removed.")
  private boolean dryRun;

  @Override
  public Integer call() throws EndpointException {
    List<String> names = names();
    refuseElsewhere();
    Map<String, List<Leftover>> left = whileNoneRuns(names);
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.json() ? LeftoverTree.json(left, dryRun) : LeftoverText.of(left, dryRun));
    out.flush();
    boolean something =
        left.values().stream()
            .flatMap(List::stream)
            .anyMatch(one -> dryRun || one.failure().isPresent());
    return (something ? ExitCode.DEGRADED : ExitCode.OK).value();
  }

  /** None may start in the middle either: their locks are ours until it is done. */
  private Map<String, List<Leftover>> whileNoneRuns(List<String> names) throws EndpointException {
    Deque<ProcessLock> locks = new ArrayDeque<>();
    try {
      for (String name : names) {
        locks.push(lock(name));
      }
      return removed(names);
    } finally {
      locks.forEach(ProcessLock::close);
    }
  }

  private Map<String, List<Leftover>> removed(List<String> names) throws EndpointException {
    return agent.ask(
        asked -> {
          Map<String, List<Leftover>> outcomes = new LinkedHashMap<>();
          for (String name : names) {
            try (VppLeftovers found = asked.leftoversOf(name)) {
              outcomes.put(name, dryRun ? found.found() : found.remove());
            }
          }
          return outcomes;
        });
  }

  private List<String> names() {
    if (!nses.isEmpty()) {
      return List.copyOf(nses);
    }
    List<String> configured = new ArrayList<>();
    agent
        .config()
        .ifPresent(
            config ->
                config.endpoints().stream().map(EndpointConfig::name).forEach(configured::add));
    if (configured.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--nse: missing (expected: a name, or --config FILE)");
    }
    return configured;
  }

  /** The running processes are known for this machine only. */
  private void refuseElsewhere() {
    String host = agent.address().replaceFirst(":[0-9]+$", "");
    if (!dryRun && agent.direct().isEmpty() && !LOOPBACK.matcher(host).matches()) {
      throw new CliException(
          ExitCode.USAGE,
          "--address: %s (expected: this machine's, such as localhost:9113)"
              .formatted(agent.address()),
          "Whether an NSE runs is known where it runs: do it there, or look with --dry-run.");
    }
  }

  private ProcessLock lock(String name) {
    Path file = Nses.lock(runDir.path(), name);
    try {
      return ProcessLock.tryAcquire(file).orElseThrow(() -> running(name, file));
    } catch (IOException failure) {
      throw new CliException(ExitCode.FAILED, file + ": " + failure.getMessage(), "", failure);
    }
  }

  private static CliException running(String name, Path lock) {
    return new CliException(
        ExitCode.FAILED,
        "%s: runs (expected: not running) [lock %s]".formatted(name, lock),
        "An NSE that runs removes by itself what it does not want. Nothing was removed.");
  }
}
