package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.ConnectionContext;
import io.vl3.api.connectioncontext.DNSConfig;
import io.vl3.api.connectioncontext.DNSContext;
import io.vl3.api.connectioncontext.ExtraPrefixRequest;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.connectioncontext.IpFamily;
import io.vl3.api.connectioncontext.Route;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a network service server answers to good and to malformed requests; one run for every
 * transport.
 */
public abstract class NetworkServiceContract {

  private final FakeTimer timer = new FakeTimer();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final EndpointRunner runner =
      new EndpointRunner(
          (request, session, next) -> next.request(request),
          executor,
          timer,
          Duration.ofSeconds(60));
  private Channel channel;

  /** Starts a server on the transport and answers a channel to it. */
  protected abstract Channel serve(BindableService service) throws Exception;

  /** Ends channel and server. */
  protected abstract void end() throws Exception;

  @BeforeEach
  void start() throws Exception {
    channel = serve(new NetworkServiceServer(runner, executor, timer, Duration.ofSeconds(60)));
  }

  @AfterEach
  void stop() throws Exception {
    end();
    executor.shutdownNow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nonsense")
  void nonsense_isInvalidAndNamesTheField_andTheServerServesOn(
      String field, NetworkServiceRequest request) {
    var stub = NetworkServiceGrpc.newBlockingStub(channel);
    var failure = catchThrowableOfType(StatusRuntimeException.class, () -> stub.request(request));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).startsWith(field + ": ");
    assertThat(failure.getStatus().getDescription()).hasSizeLessThan(500);
    assertThat(runner.size()).isZero();
    assertServes();
  }

  @Test
  void aCloseWithoutId_isInvalid_andAnUnknownIdIsNot() {
    var stub = NetworkServiceGrpc.newBlockingStub(channel);
    var failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> stub.close(Connection.getDefaultInstance()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).startsWith("connection.id: empty");
    assertThat(stub.close(Connection.newBuilder().setId("unknown").build())).isNotNull();
  }

  @Test
  void aTokenWithoutReadableExpiry_isInvalidAndNamesTheHeader() {
    Metadata headers = new Metadata();
    headers.put(TokenHeaders.TOKEN, "secret-token");
    headers.put(TokenHeaders.EXPIRES, "tomorrow");
    var stub =
        NetworkServiceGrpc.newBlockingStub(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    var failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub.request(good().build()));
    assertThat(failure.getStatus().getDescription())
        .startsWith("nsm-client-token-expires: tomorrow")
        .doesNotContain("secret-token");
    assertServes();
  }

  @Test
  void callsSideBySide_areEachAnsweredTheirOwn_andThroughputIsPrinted() throws Exception {
    NetworkServiceRequest request = good().build();
    ExecutorService callers = Executors.newFixedThreadPool(16);
    int calls = 4_000;
    run(callers, request, calls);
    long start = System.nanoTime();
    run(callers, request, calls);
    double seconds = (System.nanoTime() - start) / 1e9;
    callers.shutdownNow();
    System.out.printf(
        "%s: %,.0f requests/s with 16 callers%n", getClass().getSimpleName(), calls / seconds);
  }

  private void run(ExecutorService callers, NetworkServiceRequest request, int calls)
      throws Exception {
    List<Future<?>> running = new ArrayList<>();
    IntStream.range(0, 16)
        .forEach(caller -> running.add(callers.submit(() -> call(request, caller, calls / 16))));
    for (Future<?> each : running) {
      each.get();
    }
  }

  private void call(NetworkServiceRequest request, int caller, int calls) {
    var stub = NetworkServiceGrpc.newBlockingStub(channel);
    NetworkServiceRequest own =
        request.toBuilder()
            .setConnection(request.getConnection().toBuilder().setId("c" + caller))
            .build();
    for (int i = 0; i < calls; i++) {
      assertThat(stub.request(own).getId()).isEqualTo("c" + caller);
    }
  }

  private void assertServes() {
    Connection answer = NetworkServiceGrpc.newBlockingStub(channel).request(good().build());
    assertThat(answer).isEqualTo(good().getConnection());
  }

  static NetworkServiceRequest.Builder good() {
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId("id-1")
                .setNetworkService("vl3")
                .setContext(
                    ConnectionContext.newBuilder()
                        .setIpContext(IPContext.newBuilder().addSrcIpAddrs("10.0.0.1/30")))
                .setPath(
                    Path.newBuilder()
                        .addPathSegments(
                            PathSegment.newBuilder().setName("client").setId("id-1"))));
  }

  static Stream<Arguments> nonsense() {
    return Stream.of(
        Arguments.of("connection", NetworkServiceRequest.getDefaultInstance()),
        bad("connection.network_service", c -> c.clearNetworkService()),
        bad("connection.id", c -> c.setId("  ")),
        bad(
            "connection.labels",
            c -> IntStream.range(0, 1025).forEach(i -> c.putLabels("" + i, ""))),
        bad("connection.labels", c -> c.putLabels("k", "x".repeat(70_000))),
        bad("connection.payload", c -> c.setPayload("x".repeat(5_000))),
        bad("connection.state", c -> c.setStateValue(17)),
        bad("connection.path.index", c -> c.getPathBuilder().setIndex(1)),
        bad("connection.path.index", c -> c.getPathBuilder().setIndex(-1)),
        bad(
            "connection.path.path_segments",
            c ->
                IntStream.range(0, 65)
                    .forEach(
                        i -> c.getPathBuilder().addPathSegments(PathSegment.getDefaultInstance()))),
        bad(
            "connection.path.path_segments[0].expires.nanos",
            c ->
                c.getPathBuilder()
                    .getPathSegmentsBuilder(0)
                    .setExpires(Timestamp.newBuilder().setNanos(-1))),
        bad(
            "connection.path.path_segments[0].expires.seconds",
            c ->
                c.getPathBuilder()
                    .getPathSegmentsBuilder(0)
                    .setExpires(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))),
        bad(
            "connection.path.path_segments[0].token",
            c -> c.getPathBuilder().getPathSegmentsBuilder(0).setToken("x".repeat(20_000))),
        bad(
            "connection.mechanism.parameters",
            c -> c.setMechanism(Mechanism.newBuilder().putParameters("k", "x".repeat(70_000)))),
        bad("connection.context.MTU", c -> c.getContextBuilder().setMTU(-1)),
        badIp("src_ip_addrs[1]", ip -> ip.addSrcIpAddrs("10.0.0.300/30")),
        badIp("src_ip_addrs[1]", ip -> ip.addSrcIpAddrs("10.0.0.1/33")),
        badIp("src_ip_addrs[1]", ip -> ip.addSrcIpAddrs("")),
        badIp("src_ip_addrs[1]", ip -> ip.addSrcIpAddrs("\n\u0007" + "x".repeat(4000))),
        badIp("dst_ip_addrs[0]", ip -> ip.addDstIpAddrs("fe80::1%eth0/64")),
        badIp("src_routes[0].prefix", ip -> ip.addSrcRoutes(Route.newBuilder().setPrefix("all"))),
        badIp(
            "dst_routes[0].nextHop",
            ip -> ip.addDstRoutes(Route.newBuilder().setPrefix("10.0.0.0/8").setNextHop("me"))),
        badIp(
            "dst_routes[0].nextHop",
            ip -> ip.addDstRoutes(Route.newBuilder().setPrefix("10.0.0.0/8").setNextHop("::1"))),
        badIp("excluded_prefixes[0]", ip -> ip.addExcludedPrefixes("10.0.0.0/-1")),
        badIp("extra_prefixes[0]", ip -> ip.addExtraPrefixes("/8")),
        badIp(
            "extra_prefix_request[0].prefix_len",
            ip -> ip.addExtraPrefixRequest(ExtraPrefixRequest.newBuilder().setPrefixLen(33))),
        badIp(
            "extra_prefix_request[0].required_number",
            ip -> ip.addExtraPrefixRequest(ExtraPrefixRequest.newBuilder().setRequiredNumber(-1))),
        badIp(
            "extra_prefix_request[0].addr_family.family",
            ip ->
                ip.addExtraPrefixRequest(
                    ExtraPrefixRequest.newBuilder()
                        .setAddrFamily(IpFamily.newBuilder().setFamilyValue(9)))),
        bad(
            "connection.context.dns_context.configs[0].dns_server_ips[0]",
            c ->
                c.getContextBuilder()
                    .setDnsContext(
                        DNSContext.newBuilder()
                            .addConfigs(DNSConfig.newBuilder().addDnsServerIps("dns.example")))),
        Arguments.of(
            "mechanism_preferences",
            good()
                .addAllMechanismPreferences(
                    java.util.Collections.nCopies(257, Mechanism.getDefaultInstance()))
                .build()));
  }

  private static Arguments bad(String field, Consumer<Connection.Builder> spoil) {
    NetworkServiceRequest.Builder request = good();
    spoil.accept(request.getConnectionBuilder());
    return Arguments.of(field, request.build());
  }

  private static Arguments badIp(String field, Consumer<IPContext.Builder> spoil) {
    return bad(
        "connection.context.ip_context." + field,
        c -> spoil.accept(c.getContextBuilder().getIpContextBuilder()));
  }
}
