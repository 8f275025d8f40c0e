package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Token;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.NseState;
import io.vl3.links.NseLinks;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.nse.Vl3Nse;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TransportUrl;
import io.vl3.vpp.VppLinks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mechanism is chosen by the request's preferences among those of the configured plane. */
class MechanismChoiceTest {

  private static final String IPAM =
      "endpoints: [{name: vl3, vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16}}}]\n";
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @TempDir private Path directory = Path.of("/");

  private final FakeTimer timer = new FakeTimer();
  private Vl3Config kernel;
  private Vl3Config vpp;
  private Node node;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    kernel = ConfigReader.read("vl3.yaml", IPAM, Map.of(), Overrides.NONE);
    vpp =
        ConfigReader.read(
            "vl3.yaml", IPAM + "dataplane: {type: vpp-agent}\n", Map.of(), Overrides.NONE);
    node = Node.unconnected(directory, vpp.nsm());
    channel = ConfiguredVpp.channel(vpp.dataplane().vpp(), node.runtime());
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    node.close();
  }

  @Test
  void theFirstPreferred_thatThePlaneHas_isAnswered() throws Exception {
    try (VppLinks plane = vppInstance()) {
      EndpointRunner runner = offering(plane);
      Connection answer = ask(runner, "w", Mechanism.KERNEL, Mechanism.MEMIF);
      assertThat(answer.mechanism().orElseThrow().type()).isEqualTo(Mechanism.MEMIF);
    }
    EndpointRunner runner = offering(kernelLinks());
    Connection answer = ask(runner, "w", Mechanism.MEMIF, Mechanism.KERNEL);
    assertThat(answer.mechanism().orElseThrow().type()).isEqualTo(Mechanism.KERNEL);
  }

  @Test
  void whatThePlaneHasNot_isRefused_andHoldsNothing() throws Exception {
    try (VppLinks plane = vppInstance()) {
      assertRefused(vpp, plane, Mechanism.KERNEL, Mechanism.MEMIF);
    }
    assertRefused(kernel, kernelLinks(), Mechanism.MEMIF, Mechanism.KERNEL);
  }

  /** Whoever programs the link is shown only what is believed. */
  @Test
  void whatAPeerAnswers_isJudgedBeforeVppIsToldOfIt() throws Exception {
    try (VppLinks plane = vppInstance()) {
      assertThat(instance(vpp, plane).describe().get(1).flatten())
          .extracting(Description::name)
          .startsWith("TellMesh")
          .endsWith("AskMemif", "ProgramLink", "BelievePeer", "SendFiles", "RemoteEndpoint");
    }
  }

  private Vl3Nse instance(Vl3Config config, NseLinks links) {
    EndpointConfig endpoint = config.endpoints().get(0);
    return ConfiguredNse.builder(
            endpoint,
            config,
            links,
            new FixedPrefixes(endpoint.ipam().ownPrefixes()),
            NseState.inMemory(),
            node,
            new TransportUrl.Unix(directory.resolve("unused.sock")),
            Optional.empty())
        .build();
  }

  /** By the whole chain of an endpoint, which has given an address by then. */
  private void assertRefused(Vl3Config config, NseLinks links, String asked, String has) {
    Vl3Nse nse = instance(config, links);
    EndpointRunner runner = new EndpointRunner(nse.serverChain(), Runnable::run, timer, LIMIT);
    EndpointException refused =
        catchThrowableOfType(EndpointException.class, () -> ask(runner, "w", asked));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused)
        .hasMessage("mechanism_preferences: [%s] (expected: %s among them)".formatted(asked, has));
    assertThat(runner.size()).isZero();
  }

  private KernelLinks kernelLinks() {
    return new KernelLinks(
        "vl3", Netns.named("not-made"), node.runtime().timer(), node.runtime().executor());
  }

  private VppLinks vppInstance() {
    return ConfiguredVpp.links(
        vpp.endpoints().get(0), vpp.dataplane().vpp(), channel, node.runtime(), Optional.empty());
  }

  private EndpointRunner offering(NseLinks links) {
    UpdatePath path =
        new UpdatePath(
            "nse", () -> new Token("t", timer.instant().plusSeconds(600)), ConnectionId::random);
    return new EndpointRunner(
        EndpointChain.of("nse", path, links.offering()), Runnable::run, timer, LIMIT);
  }

  private Connection ask(EndpointRunner runner, String id, String... mechanisms)
      throws EndpointException {
    return runner.request(
        new ConnectionRequest(
            Connection.to("vl3").withId(new ConnectionId(id)),
            Stream.of(mechanisms).map(type -> Mechanism.local(type, Map.of())).toList()),
        Caller.ANONYMOUS,
        Deadline.after(LIMIT, timer));
  }
}
