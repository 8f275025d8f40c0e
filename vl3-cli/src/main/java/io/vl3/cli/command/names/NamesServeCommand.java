package io.vl3.cli.command.names;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.ServerTls;
import io.vl3.cli.command.shared.Serving;
import io.vl3.cli.names.NamesServer;
import io.vl3.failure.EndpointException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 names serve}: a workload registry. */
@Command(
    name = "serve",
    description = {
      "Serve a workload registry, as the original's NSEs and ours register at (svreg), in memory.",
      "It begins empty: our NSEs register again within five minutes. Prints where it is, and goes"
          + " on until it is asked to end."
    })
public final class NamesServeCommand implements Callable<Integer> {

  private static final long MIB = 1024 * 1024;
  private static final int MOST_MIB = 1024 * 1024;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--listen-on",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50051",
      converter = CheckedText.HostPort.class,
      description = "Where to listen. Default: ${DEFAULT-VALUE}.")
  private String listenOn = "127.0.0.1:50051";

  @Mixin private ServerTls serverTls = new ServerTls();

  @Option(
      names = "--lifetime",
      paramLabel = "TIME",
      converter = CheckedTime.class,
      description =
          "How long a registration lasts whose caller does not say, as in 24h; our NSEs say. The"
              + " original registers once. Default: until it is removed.")
  private Optional<Duration> lifetime = Optional.empty();

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "64",
      description =
          "How much memory registrations may take; beyond, they are refused."
              + " Default: ${DEFAULT-VALUE}.")
  private int memoryMib = 64;

  /** Picocli makes it. */
  public NamesServeCommand() {}

  @Override
  public Integer call() throws EndpointException, IOException {
    NamesServer.Settings settings = settings();
    return Serving.untilAsked(
        spec.commandLine().getOut(),
        () -> NamesServer.start(settings),
        server -> "workload registry on " + server.url());
  }

  private NamesServer.Settings settings() {
    if (memoryMib < 1 || memoryMib > MOST_MIB) {
      throw new CliException(
          ExitCode.USAGE, "--memory: %d (expected: 1..%d)".formatted(memoryMib, MOST_MIB), "");
    }
    return new NamesServer.Settings(listenOn, serverTls.on(listenOn), lifetime, memoryMib * MIB);
  }
}
