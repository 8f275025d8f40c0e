package io.vl3.cli.command.show;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.RunDirOption;
import io.vl3.cli.command.shared.Serving;
import io.vl3.cli.page.Page;
import io.vl3.failure.EndpointException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 page}: the networks of this machine in a browser. */
@Command(
    name = "page",
    description = {
      "Serve a page that shows the networks of this machine as they are: NSEs, workloads, links by"
          + " state, pools, troubles, events. Whoever reaches it sees them all and can change nothing.",
      "Prints where it is, and goes on until it is asked to end."
    })
public final class PageCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen. Default: ${DEFAULT-VALUE}.")
  private String address = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8043",
      description = "The port; 0: any that is free. Default: ${DEFAULT-VALUE}.")
  private int port = 8043;

  @Mixin private RunDirOption runDir = new RunDirOption();

  /** Picocli makes it. */
  public PageCommand() {}

  @Override
  public Integer call() throws EndpointException {
    try {
      return Serving.untilAsked(
          spec.commandLine().getOut(),
          () -> Page.open(runDir.path(), new InetSocketAddress(address, port)),
          Page::url);
    } catch (IOException failure) {
      throw new CliException(
          ExitCode.FAILED,
          String.valueOf(failure.getMessage()),
          "Choose another with --port.",
          failure);
    }
  }
}
