package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.ConnectionContext;
import io.vl3.api.connectioncontext.ExtraPrefixRequest;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.connectioncontext.Route;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.grpc.internal.NetworkServiceServer;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.NseState;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.nse.Vl3Nse;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.PeerLabels;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chain of {@code vl3 run} answers, over gRPC, to requests that nobody should send: the
 * right code, naming the field; nothing is held, and the next good request is served.
 */
class BadRequestTest {

  @TempDir private java.nio.file.Path directory;

  private Node node;
  private EndpointRunner runner;
  private RunningServer unix;
  private RunningServer tcp;
  private ManagedChannel channel;
  private ManagedChannel stranger;

  @BeforeEach
  void serve() throws Exception {
    Vl3Config config =
        ConfigReader.read(
            "vl3.yaml",
            """
            endpoints:
            - name: vl3
              vl3:
                ipam: {defaultPrefixPool: 10.60.0.0/16, prefixLength: 29, prefixIndex: 0}
            """,
            Map.of(),
            Overrides.NONE);
    EndpointConfig endpoint = config.endpoints().get(0);
    node = Node.unconnected(directory, config.nsm());
    NsmRuntime runtime = node.runtime();
    Vl3Nse nse =
        ConfiguredNse.builder(
                endpoint,
                config,
                new KernelLinks(
                    endpoint.name(), Netns.named("not-made"), runtime.timer(), runtime.executor()),
                new FixedPrefixes(endpoint.ipam().ownPrefixes()),
                NseState.inMemory(),
                node,
                new TransportUrl.Unix(directory.resolve("unused.sock")),
                Optional.empty())
            .build();
    runner =
        new EndpointRunner(
            nse.serverChain(), runtime.executor(), runtime.timer(), Duration.ofSeconds(60));
    NetworkServiceServer service =
        new NetworkServiceServer(
            runner, runtime.executor(), runtime.timer(), Duration.ofSeconds(60));
    TransportOptions options = runtime.transport().withInsecure(true);
    unix =
        GrpcServers.start(
            new TransportUrl.Unix(directory.resolve("nse.sock")), options, List.of(service));
    tcp = GrpcServers.start(TransportUrl.parse("tcp://127.0.0.1:0"), options, List.of(service));
    channel = GrpcChannels.open(unix.url().toString(), options);
    stranger = GrpcChannels.open(tcp.url().toString(), options);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    stranger.shutdownNow();
    unix.close();
    tcp.close();
    node.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void badRequest_getsTheCode_namingTheField_andTheEndpointServesOn(
      String field, Status.Code code, NetworkServiceRequest request) {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> NetworkServiceGrpc.newBlockingStub(channel).request(request));
    assertThat(failure).isNotNull();
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    assertThat(failure.getStatus().getDescription()).contains(field).hasSizeLessThan(600);
    assertThat(runner.size()).isZero();
    assertServes();
  }

  @Test
  void anotherIdentitysConnection_isRefused_forRequestAndClose_andGoesOn() {
    Connection made = request(channel, good().build());
    NetworkServiceRequest theirs =
        NetworkServiceRequest.newBuilder()
            .setConnection(made)
            .addMechanismPreferences(kernel())
            .build();
    assertDenied(() -> request(stranger, theirs));
    assertDenied(() -> NetworkServiceGrpc.newBlockingStub(stranger).close(made));
    assertThat(runner.size()).isEqualTo(1);
    Connection again = request(channel, theirs);
    assertThat(again.getContext()).isEqualTo(made.getContext());
  }

  @Test
  void poolUsedUp_newWorkloadsAreToldWhich_othersKeepTheirs_andAFreedOneIsGivenAgain() {
    Connection first = request(channel, good().build());
    Connection second = request(channel, spoiled(c -> rename(c, "id-2")));
    StatusRuntimeException full =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> request(channel, spoiled(c -> rename(c, "id-3"))));
    assertThat(full.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(full.getStatus().getDescription())
        .contains("no /30 left in [10.60.0.0/29]", "expected: a free one");
    assertThat(request(channel, good().build()).getContext()).isEqualTo(first.getContext());
    assertThat(NetworkServiceGrpc.newBlockingStub(channel).close(second)).isNotNull();
    Connection third = request(channel, spoiled(c -> rename(c, "id-3")));
    assertThat(third.getContext().getIpContext().getSrcIpAddrs(0)).isEqualTo("10.60.0.5/30");
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of(
            "connection", Status.Code.INVALID_ARGUMENT, NetworkServiceRequest.getDefaultInstance()),
        bad("connection.network_service", Connection.Builder::clearNetworkService),
        bad(
            "connection.labels",
            c -> IntStream.range(0, 5000).forEach(i -> c.putLabels("label" + i, "x"))),
        bad(
            "connection.path.path_segments[0].id",
            c -> c.getPathBuilder().getPathSegmentsBuilder(0).setId("somebody-else")),
        bad("connection.path.index", c -> c.getPathBuilder().setIndex(7)),
        bad("src_ip_addrs[0]", c -> ip(c).addSrcIpAddrs("10.60.0.1/99")),
        bad("excluded_prefixes[0]", c -> ip(c).addExcludedPrefixes("10.60.0.0/33")),
        bad("dst_routes[0].prefix", c -> ip(c).addDstRoutes(Route.newBuilder().setPrefix("x"))),
        bad(
            "connection.context.ip.endpointRoutes: 0.0.0.0/0",
            c -> ip(c).addDstRoutes(Route.newBuilder().setPrefix("0.0.0.0/0"))),
        bad(
            "dst_routes in NSM v1",
            c -> ip(c).addDstRoutes(Route.newBuilder().setPrefix("10.60.9.0/24"))),
        bad(
            "extra_prefix_request",
            c ->
                ip(c)
                    .addExtraPrefixRequest(
                        ExtraPrefixRequest.newBuilder()
                            .setPrefixLen(30)
                            .setRequiredNumber(2_000_000))),
        Arguments.of(
            "labels[" + PeerLabels.NAME + "]: ghost (expected: a peer registered for vl3)",
            Status.Code.UNAVAILABLE,
            spoiled(c -> c.putLabels(PeerLabels.NAME, "ghost"))),
        Arguments.of(
            "outside the excluded",
            Status.Code.RESOURCE_EXHAUSTED,
            spoiled(c -> ip(c).addExcludedPrefixes("10.0.0.0/8"))),
        Arguments.of(
            "mechanism_preferences: [SRIOV] (expected: KERNEL among them)",
            Status.Code.INVALID_ARGUMENT,
            good()
                .clearMechanismPreferences()
                .addMechanismPreferences(Mechanism.newBuilder().setCls("REMOTE").setType("SRIOV"))
                .build()),
        Arguments.of(
            "mechanism_preferences: []",
            Status.Code.INVALID_ARGUMENT,
            good().clearMechanismPreferences().build()));
  }

  private void assertServes() {
    Connection answer = request(channel, good().build());
    assertThat(answer.getContext().getIpContext().getSrcIpAddrsList())
        .containsExactly("10.60.0.1/30");
  }

  private static void assertDenied(Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure.getStatus().getDescription()).startsWith("connection.id: id-1");
  }

  private static Connection request(ManagedChannel channel, NetworkServiceRequest request) {
    return NetworkServiceGrpc.newBlockingStub(channel).request(request);
  }

  private static Arguments bad(String field, Consumer<Connection.Builder> spoil) {
    return Arguments.of(field, Status.Code.INVALID_ARGUMENT, spoiled(spoil));
  }

  private static NetworkServiceRequest spoiled(Consumer<Connection.Builder> spoil) {
    NetworkServiceRequest.Builder request = good();
    spoil.accept(request.getConnectionBuilder());
    return request.build();
  }

  private static void rename(Connection.Builder connection, String id) {
    connection.setId(id).getPathBuilder().getPathSegmentsBuilder(0).setId(id);
  }

  private static IPContext.Builder ip(Connection.Builder connection) {
    return connection.getContextBuilder().getIpContextBuilder();
  }

  private static NetworkServiceRequest.Builder good() {
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId("id-1")
                .setNetworkService("vl3")
                .setContext(
                    ConnectionContext.newBuilder().setIpContext(IPContext.getDefaultInstance()))
                .setPath(
                    Path.newBuilder()
                        .addPathSegments(PathSegment.newBuilder().setName("client").setId("id-1"))))
        .addMechanismPreferences(kernel());
  }

  private static Mechanism kernel() {
    return Mechanism.newBuilder().setCls("LOCAL").setType("KERNEL").build();
  }
}
