package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.mesh.BelievePeer;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.TellMesh;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * An NSE with VPP, run by hand: chain, IPAM and vL3 as in the default chain, a fake agent, a clock
 * that stands. Everything happens in the thread that asks.
 */
final class VppRig implements AutoCloseable {

  /** Who asks: not ourselves, or a refresh would only repeat what was said before. */
  private static final Caller CALLER = new Caller("spiffe://test/manager");

  static final String PEER = "nse-b";

  /** How long a call may take where an agent hangs: a busy machine answers the others in it. */
  static final Duration HANGS = Duration.ofSeconds(3);

  /** One of so many tasks is the look by which a loss is known. */
  private static final int LOOKS = 10;

  private static final Duration LONG = Duration.ofMinutes(30);

  final FakeTimer timer = new FakeTimer();
  final FakeAgent agent = new FakeAgent();
  final FakeAgentServer server = FakeAgentServer.inProcess(agent);
  final ManagedChannel channel = server.channel();
  private final AtomicInteger ids = new AtomicInteger();
  private final VppSettings settings;
  private final List<IpPrefix> pools;
  private final AddressingMode addressing;
  private final FixedPrefixes own;
  private final Vl3Network network;

  /** What becomes of the answer of the peer that we dial. */
  UnaryOperator<Connection> lie = UnaryOperator.identity();

  /** Where the plane looks. */
  Executor executor = Runnable::run;

  /** One life of the NSE. */
  VppDataPlane plane;

  LinkProgram program;
  MemifSockets sockets;
  private PrefixTable table = new PrefixTable();
  EndpointRunner served;
  EndpointRunner asked;

  VppRig(VppSettings settings, AddressingMode addressing, String... pools) {
    this.settings = settings;
    this.addressing = addressing;
    this.pools = List.of(pools).stream().map(IpPrefix::parse).toList();
    own =
        new FixedPrefixes(this.pools.stream().map(p -> p.subPrefix(p.length() + 8, 232)).toList());
    EndpointRecord self = EndpointRecord.of("nse-a", "vl3-service", Map.of(), "");
    network = new Vl3Network(() -> self, own, this.pools, List.of());
    start();
  }

  /** An NSE as the original configured it. */
  static VppRig original() {
    return new VppRig(VppSettings.of("nse-a"), AddressingMode.POINT_TO_POINT, "10.60.0.0/16");
  }

  /** Begins a life; an earlier one is left as a killed process leaves it. */
  void start() {
    if (plane != null) {
      plane.close();
    }
    plane =
        VppDataPlane.open(
            channel,
            "agent:9113",
            settings,
            timer,
            executor,
            RandomGenerator.of("L64X128MixRandom"));
    program = new LinkProgram(plane);
    sockets =
        MemifSockets.files(
            java.nio.file.Path.of("/run/vl3/memif"), "nse-a", plane::isSocketOfAnother);
    table = new PrefixTable();
    served = runner(serverChain());
    asked = runner(clientChain());
  }

  /** The agent dies, and is missed at the next look. */
  void killAgent() {
    server.kill();
    for (int n = 0; n < LOOKS && plane.status().state() != VppStatus.State.DOWN; n++) {
      timer.advance(timer.untilNext());
    }
    assertThat(plane.status().state()).as("the agent is missed").isEqualTo(VppStatus.State.DOWN);
  }

  /** Another agent is there, and the channel has it. */
  void reviveAgent() {
    server.revive(channel);
  }

  /** A workload's connection with addresses. */
  Connection workload(String name, Map<String, String> labels) throws EndpointException {
    return serve(connection(name, name).withLabels(labels));
  }

  /** A workload's connection with addresses. */
  Connection workload(String name) throws EndpointException {
    return workload(name, Map.of());
  }

  /** Asks the NSE as its manager does. */
  Connection serve(Connection connection) throws EndpointException {
    return served.request(
        new ConnectionRequest(connection, List.of(Mechanism.local(Mechanism.MEMIF, Map.of()))),
        CALLER,
        soon());
  }

  void close(Connection connection) throws EndpointException {
    served.close(connection, CALLER, soon());
  }

  /** A link to a peer that we dial; the peer's answer is given. */
  Connection dial(String id) throws EndpointException {
    return asked.request(
        ConnectionRequest.of(connection(id, "nse-a").withEndpointName(PEER)), Caller.SELF, soon());
  }

  Connection connection(String id, String client) {
    PathSegment first =
        PathSegment.of(client, id).withToken(new Token("t", timer.instant().plus(LONG)));
    return Connection.to("vl3-service")
        .withId(new ConnectionId(id))
        .withPath(new Path(0, List.of(first)));
  }

  Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), timer);
  }

  String state() {
    return agent.state();
  }

  @Override
  public void close() {
    plane.close();
    assertThat(agent.calls("Notify")).as("an agent ends when who listened leaves").isZero();
    channel.shutdownNow();
    server.close();
  }

  private EndpointRunner runner(EndpointChain chain) {
    return new EndpointRunner(chain, Runnable::run, timer, Duration.ofSeconds(20));
  }

  private UpdatePath path() {
    return new UpdatePath(
        "nse-a",
        () -> new Token("own", timer.instant().plus(LONG)),
        () -> new ConnectionId("a-" + ids.incrementAndGet()));
  }

  private EndpointChain serverChain() {
    return EndpointChain.of(
        "server",
        path(),
        new ProgramLink(
            program,
            MemifLinks.served(
                SocketNames.PLAIN,
                settings.natAddress().isPresent(),
                session -> session.get(DiscoverPeers.PEER).isPresent()),
            timer,
            Duration.ofSeconds(5)),
        new DiscoverPeers(VppRig::known),
        IpamEndpoint.of(
            own,
            addressing,
            PrefixSet.of(List.of()),
            session -> session.get(DiscoverPeers.PEER).isPresent()),
        new Vl3Endpoint(network, table),
        new OfferMemif(sockets, OfferMemif.Standing.in(plane), Optional.empty()));
  }

  private EndpointChain clientChain() {
    return EndpointChain.of(
        "client",
        new TellMesh(table),
        path(),
        new AskMemif(Optional.empty()),
        new ProgramLink(program, MemifLinks.asked(SocketNames.PLAIN), timer, Duration.ofSeconds(5)),
        new BelievePeer(network, table, VppRig::known),
        (Endpoint) (request, session, next) -> lie.apply(PeerAnswers.answer(request)));
  }

  private static KnownPeers known() {
    return KnownPeers.of(List.of(EndpointRecord.of(PEER, "vl3-service", Map.of(), "")), true);
  }
}
