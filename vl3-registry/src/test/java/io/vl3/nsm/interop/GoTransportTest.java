package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.grpc.PrefixServer;
import io.vl3.health.Reporter;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.registry.EndpointQuery;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** None of our defaults breaks one of Go's gRPC, over TCP as anybody would configure it. */
@RequiresGo
class GoTransportTest {

  private static final Metadata.Key<String> PATH =
      Metadata.Key.of("path", Metadata.ASCII_STRING_MARSHALLER);

  private GoMesh mesh;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  /** Their server ends the connection of who pings more often; the number is in its source. */
  @Test
  void ourPings_areRarerThanTheirServersDemand() throws Exception {
    String defaults = Files.readString(grpcSource().resolve("internal/transport/defaults.go"));
    assertThat(TransportOptions.CLIENT_PINGS)
        .isGreaterThan(Duration.ofMinutes(number(defaults, "KeepalivePolicyMinTime = (\\d+) \\*")));
    assertThat(TransportOptions.METADATA_BYTES)
        .isEqualTo(number(defaults, "ServerMaxHeaderListSize = uint32\\((\\d+) << 20\\)") << 20);
  }

  /** Longer than three pings as often as we once sent them: minutes, so only when asked for. */
  @Test
  @EnabledIfSystemProperty(
      named = "vl3.minutes",
      matches = "[0-9]+",
      disabledReason = "waits; try: -Dvl3.minutes=4")
  void aSilentStream_livesOn_andThePrefixStaysOurs() throws Exception {
    int port = freePort();
    String url = "tcp://127.0.0.1:" + port;
    GoPeer server =
        mesh.closing(
            mesh.start("prefixes", List.of("prefixes", "-listen", url, "-pool", "172.16.0.0/16")));
    PrefixServer ours = source(url);
    awaitPrefixes(ours, "172.16.0.0/24");
    List<PrefixSource.State> seen = new ArrayList<>();
    ours.onChange(() -> seen.add(ours.current()));

    assertThat(server.seen("granted")).hasSize(1);
    var unused = new CountDownLatch(1).await(Long.getLong("vl3.minutes"), TimeUnit.MINUTES);

    // A stream that broke would be opened anew, which the server tells as another grant.
    assertThat(server.seen("granted")).hasSize(1);
    assertThat(seen).isEmpty();
    awaitPrefixes(source(url), "172.16.1.0/24");
  }

  @Test
  void aPathOfTwelveTokens_passesTheirRegistry_andTheirAnswerPassesUs() throws Exception {
    ManagedChannel channel =
        GrpcChannels.open(mesh.urlFor("registry").toString(), mesh.runtime().transport());
    mesh.closing(channel::shutdownNow);
    AtomicReference<Metadata> answered = new AtomicReference<>();
    Metadata sent = new Metadata();
    sent.put(PATH, path(12));

    NetworkServiceEndpoint registered =
        NetworkServiceEndpointRegistryGrpc.newBlockingStub(channel)
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(answered, new AtomicReference<>()))
            .register(
                NetworkServiceEndpoint.newBuilder()
                    .setName("far")
                    .addNetworkServiceNames("vl3")
                    .setUrl("tcp://127.0.0.1:1")
                    .build());

    assertThat(registered.getName()).startsWith("far");
    // It takes our names out and puts its own token in the place of the last one.
    assertThat(answered.get().get(PATH)).hasSizeGreaterThan(12_000);
  }

  /** One token as long as twelve, in the headers of the reference's client. */
  @Test
  void theirLongHeaders_passOurManager() throws Exception {
    EmbeddedManager manager =
        mesh.closing(
            EmbeddedManager.builder(mesh.runtime(), new MemoryDataPlane())
                .listenOn(mesh.urlFor("own-manager"))
                .start());
    mesh.endpointOf(
        manager.urls().get(0).toString(),
        "other",
        "10.0.1.0/24",
        "-subject",
        "spiffe://test.com/" + "s".repeat(12_000));
    assertThat(manager.registry().find(EndpointQuery.ofName("other"))).hasSize(1);
  }

  /** As the reference's clients write it: in JSON, with a token of a usual length in each. */
  private static String path(int segments) {
    String token =
        Base64.getUrlEncoder().encodeToString("x".repeat(1000).getBytes(StandardCharsets.US_ASCII));
    return IntStream.range(0, segments)
        .mapToObj(i -> "{\"Name\":\"c%d\",\"Id\":\"i\",\"Token\":\"%s\"}".formatted(i, token))
        .collect(
            Collectors.joining(
                ",", "{\"Index\":%d,\"PathSegments\":[".formatted(segments - 1), "]}"));
  }

  private static Path grpcSource() throws Exception {
    Process list =
        new ProcessBuilder("go", "list", "-m", "-f", "{{.Dir}}", "google.golang.org/grpc")
            .directory(GoBuild.source().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return Path.of(
        new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  private static int number(String source, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(source);
    assertThat(matcher.find()).as(pattern).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private PrefixServer source(String url) throws Exception {
    ManagedChannel channel = GrpcChannels.open(url, mesh.runtime().transport());
    mesh.closing(channel::shutdownNow);
    return mesh.closing(
        PrefixServer.start(
            channel,
            "prefixes",
            List.of(),
            Optional.empty(),
            mesh.runtime().timer(),
            mesh.runtime().random(),
            Reporter.NONE));
  }

  private static void awaitPrefixes(PrefixSource source, String prefix) throws Exception {
    List<IpPrefix> wanted = List.of(IpPrefix.parse(prefix));
    Eventually.until("prefix " + prefix, () -> source.current().prefixes().equals(wanted));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
