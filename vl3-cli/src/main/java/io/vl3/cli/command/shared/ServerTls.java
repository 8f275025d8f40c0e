package io.vl3.cli.command.shared;

import io.vl3.admin.AdminPort;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The identity of a command that serves, or the wish to have none. */
public final class ServerTls {

  @Option(
      names = "--tls-config",
      paramLabel = "FILE",
      description =
          "A configuration whose nsm.tls is our identity; without it there is no TLS, which takes"
              + " the loopback or --insecure.")
  private Optional<Path> tlsConfig = Optional.empty();

  @Option(
      names = "--insecure",
      description = "Serve other machines without TLS, as the original does.")
  private boolean insecure;

  /**
   * Whence the identity comes.
   *
   * @param listenOn HOST:PORT
   * @throws CliException USAGE where others could reach us without TLS, and nobody asked for it
   */
  public TlsConfig on(String listenOn) {
    TlsConfig tls = of(tlsConfig);
    String host = listenOn.replaceFirst(":[0-9]*$", "").replaceAll("[\\[\\]]", "");
    if (!tls.on() && !insecure && !AdminPort.isLoopback(host)) {
      throw new CliException(
          ExitCode.USAGE,
          "--listen-on: %s without TLS (expected: the loopback, --tls-config, or --insecure)"
              .formatted(listenOn),
          "");
    }
    return tls;
  }

  /** The identity of a configuration; none without a file. */
  public static TlsConfig of(Optional<Path> file) {
    return file.isEmpty()
        ? new TlsConfig.None()
        : ConfigFile.loadClient(file, System.getenv(), Overrides.NONE).nsm().tls();
  }
}
