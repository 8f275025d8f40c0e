package io.vl3.cli.command.vpp;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.render.VppSubject;
import io.vl3.failure.EndpointException;
import io.vl3.vpp.VppInspection;
import io.vl3.vpp.VppLeftovers;
import io.vl3.vpp.VppSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Option;

/** Which VPP is asked: through its vpp-agent, or itself. */
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
        "A configuration whose dataplane.address is the vpp-agent's, or, with dataplane.type vpp,"
            + " whose dataplane.socket is VPP's.",
        "Without any: the vpp-agent at localhost:9113."
      })
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      description = "The API socket of VPP itself, without an agent.")
  private Optional<Path> socket = Optional.empty();

  @Option(
      names = "--api-directory",
      paramLabel = "DIR",
      description = "Where the .api.json files of that VPP are. Default: /usr/share/vpp/api.")
  private Optional<Path> apiDirectory = Optional.empty();

  /** What can be asked, of either. */
  interface Asked {
    VppSubject subject();

    VppInspection inspect() throws EndpointException;

    /** Of one that does not run. */
    VppLeftovers leftoversOf(String nse) throws EndpointException;
  }

  /** A question. */
  interface Question<T> {
    T ask(Asked asked) throws EndpointException;
  }

  /** The configuration, if one is named. */
  Optional<Vl3Config> config() {
    return file.map(named -> ConfigFile.load(named, System.getenv(), Overrides.NONE));
  }

  /** The API of VPP itself, if that is meant. */
  Optional<VppSocket> direct() {
    return socket.map(this::described).or(() -> config().flatMap(AgentOptions::directOf));
  }

  private VppSocket described(Path path) {
    return apiDirectory
        .map(directory -> new VppSocket(path, List.of(directory)))
        .orElse(VppSocket.of(path));
  }

  private static Optional<VppSocket> directOf(Vl3Config config) {
    return config.dataplane().type() == DataPlaneConfig.Type.VPP
        ? Optional.of(config.dataplane().vpp().socket())
        : Optional.empty();
  }

  /** The agent's address. */
  String address() {
    return address.or(this::configured).orElse(DataPlaneConfig.STANDARD_ADDRESS);
  }

  /** Asks, and closes the channel. */
  <T> T ask(Question<T> question) throws EndpointException {
    Optional<VppSocket> vpp = direct();
    if (vpp.isPresent()) {
      ExecutorService io = Executors.newCachedThreadPool(Threads.daemons("vl3-vpp"));
      try {
        return question.ask(new Direct(vpp.get(), io));
      } finally {
        io.shutdownNow();
      }
    }
    String agent = address();
    ManagedChannel channel =
        Grpc.newChannelBuilder(agent, InsecureChannelCredentials.create()).build();
    try {
      return question.ask(new Agent(channel, agent));
    } finally {
      channel.shutdownNow();
    }
  }

  private record Agent(ManagedChannel channel, String address) implements Asked {

    @Override
    public VppSubject subject() {
      return new VppSubject(false, address);
    }

    @Override
    public VppInspection inspect() throws EndpointException {
      return VppInspection.read(channel, address, CALL);
    }

    @Override
    public VppLeftovers leftoversOf(String nse) throws EndpointException {
      return VppLeftovers.find(channel, address, nse, CALL);
    }
  }

  private record Direct(VppSocket vpp, ExecutorService io) implements Asked {

    @Override
    public VppSubject subject() {
      return new VppSubject(true, vpp.path().toString());
    }

    @Override
    public VppInspection inspect() throws EndpointException {
      return VppInspection.read(vpp, CALL, io);
    }

    @Override
    public VppLeftovers leftoversOf(String nse) throws EndpointException {
      return VppLeftovers.find(vpp, nse, CALL, io);
    }
  }

  private Optional<String> configured() {
    return config().map(config -> config.dataplane().vpp().address());
  }
}
