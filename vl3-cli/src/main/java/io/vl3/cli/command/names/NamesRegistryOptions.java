package io.vl3.cli.command.names;

import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.command.shared.ServerTls;
import io.vl3.cli.names.NamesClient;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which workload registry is asked. */
final class NamesRegistryOptions {

  @Option(
      names = "--registry",
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:50051",
      converter = CheckedText.HostPort.class,
      description = "The workload registry. Default: ${DEFAULT-VALUE}.")
  private String registry = "localhost:50051";

  @Option(
      names = "--tls-config",
      paramLabel = "FILE",
      description = "A configuration whose nsm.tls is our identity; without it there is no TLS.")
  private Optional<Path> tlsConfig = Optional.empty();

  NamesClient open() throws EndpointException {
    return NamesClient.open(registry, ServerTls.of(tlsConfig));
  }
}
