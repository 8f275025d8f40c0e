package io.vl3.cli.command.change;

import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.MachineOptions;
import io.vl3.cli.restart.Rolling;
import io.vl3.failure.EndpointException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 restart}: a rolling restart of NSEs and clients that loses no connection. */
@Command(
    name = "restart",
    description = {
      "Start NSEs or clients anew, with the program and the configuration as they are on the disk now: one"
          + " process after the other, each when the one before has its peers and workloads again.",
      "Links stay as they are and packets pass meanwhile. Each process keeps its number, so that who"
          + " started it notices nothing."
    })
public final class RestartCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description =
          "A network service, of which every NSE of this machine is meant; an NSE; or a workload, of which"
              + " the vl3 client is meant.")
  private List<String> names = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = CheckedTime.class,
      description = "How long each may take to come back. Default: 60s.")
  private Duration timeout = Duration.ofSeconds(60);

  @Option(
      names = "--force",
      description = "Also where an NSE is not well or a peer not linked before.")
  private boolean force;

  @Mixin private MachineOptions options = new MachineOptions();

  /** Picocli makes it. */
  public RestartCommand() {}

  @Override
  public Integer call() throws EndpointException {
    PrintWriter out = spec.commandLine().getOut();
    Rolling rolling =
        new Rolling(
            options::open,
            timeout,
            line -> {
              out.println(line);
              out.flush();
            });
    try {
      rolling.run(names, force);
      return ExitCode.OK.value();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    }
  }
}
