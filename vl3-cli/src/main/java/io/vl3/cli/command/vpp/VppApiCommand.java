package io.vl3.cli.command.vpp;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.render.VppApiText;
import io.vl3.cli.render.VppApiTree;
import io.vl3.failure.EndpointException;
import io.vl3.vpp.VppApiReport;
import io.vl3.vpp.VppSocket;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vl3 vpp api}: a VPP's version and plugins, and which of its messages are used. */
@Command(
    name = "api",
    description = {
      "Show a VPP's version, its plugins, and which version of each message is used.",
      "Exits with 5 if it lacks a message that is needed."
    })
final class VppApiCommand implements Callable<Integer> {

  private static final Duration CALL = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions vpp = new AgentOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws EndpointException {
    VppSocket socket = vpp.direct().orElseThrow(VppApiCommand::noSocket);
    ExecutorService io = Executors.newCachedThreadPool(Threads.daemons("vl3-vpp"));
    try {
      VppApiReport report = VppApiReport.read(socket, CALL, io);
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.json()
              ? VppApiTree.json(socket.path(), report)
              : VppApiText.of(socket.path(), report));
      out.flush();
      return (report.isFit() ? ExitCode.OK : ExitCode.DEGRADED).value();
    } finally {
      io.shutdownNow();
    }
  }

  private static CliException noSocket() {
    return new CliException(
        ExitCode.USAGE,
        "--socket: missing (expected: the API socket of a VPP)",
        "Name it, or with --config a file whose dataplane.type is vpp.");
  }
}
