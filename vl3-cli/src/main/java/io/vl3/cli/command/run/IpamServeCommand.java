package io.vl3.cli.command.run;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.CheckedPrefix;
import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.ServerTls;
import io.vl3.cli.command.shared.Serving;
import io.vl3.cli.prefixes.IpamServer;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.prefixes.CentralPrefixes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 ipam-serve}: a central IPAM. */
@Command(
    name = "ipam-serve",
    description = {
      "Serve a central IPAM: each NSE that asks gets a prefix of its own, of one pool.",
      "It speaks NSM's API (ipam.IPAM: prefixServers of the configuration) and the original's"
          + " (ippool.Allocator: serverAddress). With --journal it knows after a restart who has"
          + " what. Prints where it is, and goes on until it is asked to end."
    })
public final class IpamServeCommand implements Callable<Integer> {

  private static final int LENGTH_OF_V4 = 24;
  private static final int LENGTH_OF_V6 = 64;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--prefix",
      required = true,
      paramLabel = "CIDR",
      converter = CheckedPrefix.class,
      description = "The pool. Two families are two servers, as in NSM.")
  private IpPrefix pool = IpPrefix.parse("10.60.0.0/16");

  @Option(
      names = "--prefix-length",
      paramLabel = "BITS",
      description = "The length of a prefix whose NSE asks for none. Default: 24, for IPv6 64.")
  private Optional<Integer> prefixLength = Optional.empty();

  @Option(
      names = "--listen-on",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5006",
      converter = CheckedText.HostPort.class,
      description = "Where to listen. Default: ${DEFAULT-VALUE}.")
  private String listenOn = "127.0.0.1:5006";

  @Mixin private ServerTls serverTls = new ServerTls();

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description =
          "The file in which it remembers what it gave, made if it is not there. Default: it"
              + " forgets with the process.")
  private Optional<Path> journal = Optional.empty();

  @Option(
      names = "--lease",
      paramLabel = "TIME",
      defaultValue = "24h",
      converter = CheckedTime.class,
      description =
          "How long a prefix is leased in the original's API, in whole hours; NSEs renew it."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration lease = Duration.ofHours(24);

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = CheckedTime.class,
      description =
          "How long a prefix is kept for an NSE that cannot be heard, and after a restart for each."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration grace = Duration.ofMinutes(10);

  /** Picocli makes it. */
  public IpamServeCommand() {}

  @Override
  public Integer call() throws EndpointException, IOException {
    CentralPrefixes.Settings prefixes = prefixes();
    IpamServer.Settings settings =
        new IpamServer.Settings(listenOn, serverTls.on(listenOn), journal, prefixes);
    return Serving.untilAsked(
        spec.commandLine().getOut(),
        () -> IpamServer.start(settings),
        server ->
            "central IPAM on %s: %s in /%d, %d given"
                .formatted(server.url(), pool, prefixes.prefixLength(), server.size()));
  }

  private CentralPrefixes.Settings prefixes() {
    int usual = pool.family() == IpFamily.IPV4 ? LENGTH_OF_V4 : LENGTH_OF_V6;
    try {
      return new CentralPrefixes.Settings(pool, prefixLength.orElse(usual), lease, grace);
    } catch (IllegalArgumentException wrong) {
      throw new CliException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), "", wrong);
    }
  }
}
