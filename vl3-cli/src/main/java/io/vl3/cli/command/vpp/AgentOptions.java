package io.vl3.cli.command.vpp;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which vpp-agent is asked. */
final class AgentOptions {

  private static final Duration CALL = Duration.ofSeconds(10);

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      converter = CheckedText.HostPort.class,
      description = "The vpp-agent.")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "A configuration whose dataplane.address is the vpp-agent's.",
        "Without both: localhost:9113."
      })
  private Optional<Path> file = Optional.empty();

  /** A question to an agent over its channel. */
  interface Question<T> {
    T ask(ManagedChannel channel, String address, Duration call) throws EndpointException;
  }

  /** The configuration, if one is named. */
  Optional<Vl3Config> config() {
    return file.map(named -> ConfigFile.load(named, System.getenv(), Overrides.NONE));
  }

  /** The agent's address. */
  String address() {
    return address.or(this::configured).orElse(DataPlaneConfig.STANDARD_ADDRESS);
  }

  /** Asks, and closes the channel. */
  <T> T ask(Question<T> question) throws EndpointException {
    String agent = address();
    ManagedChannel channel =
        Grpc.newChannelBuilder(agent, InsecureChannelCredentials.create()).build();
    try {
      return question.ask(channel, agent, CALL);
    } finally {
      channel.shutdownNow();
    }
  }

  private Optional<String> configured() {
    return config().map(config -> config.dataplane().vpp().address());
  }
}
