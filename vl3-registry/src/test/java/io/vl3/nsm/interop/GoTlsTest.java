package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.nsm.Eventually;
import io.vl3.transport.GrpcChannels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything of the reference's over mutual TLS, with its own policies checked on both sides. */
@RequiresGo
class GoTlsTest {

  private static final String REASON = "no sufficient privileges";

  private GoMesh mesh;
  private OwnNse nse;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.secured();
    nse = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void connectionsLive_whileCertificatesRotate() throws Exception {
    GoPeer client = mesh.client("nsc");
    Connection up = client.ask("request", Asked.first("nsc-1"), "").connection();
    assertThat(up.getPath().getPathSegmentsList())
        .extracting(GoTlsTest::algorithm)
        .allMatch(header -> header.contains("\"alg\":\"ES256\""));
    client.forget();

    mesh.rotate();

    Connection again = client.ask("request", Asked.again(up), "").connection();
    assertThat(Asked.lines(again)).isEqualTo(Asked.lines(up));
    // Each hears of its new certificate when it does.
    Eventually.until(
        "signed anew",
        () -> !token(client.ask("request", Asked.again(up), "").connection()).equals(token(up)));
    assertThat(client.seen("closed")).isEmpty();
    Connection fresh = client.ask("request", Asked.first("nsc-2"), "").connection();
    assertThat(fresh.getNetworkServiceEndpointName()).isEqualTo("own");
    client.ask("close", again, "");
    assertThat(nse.server.connections()).hasSize(1);
  }

  @Test
  void peersOfTheReference_linkUpEachWay() throws Exception {
    GoPeer later = mesh.endpoint("other", "10.0.1.0/24");
    assertThat(Asked.lines(later.await("dialled", "own").connection()))
        .contains("src 10.0.1.0/32", "dst 10.0.0.0/32");
    OwnNse last = OwnNse.start(mesh, "own-last", List.of("10.0.2.0/24"), List.of("10.0.0.0/16"));
    later.await(
        "served to the last",
        line ->
            line.event().equals("served")
                && Asked.lines(line.connection()).contains("src 10.0.2.0/32"));
    Eventually.until("up", () -> last.isUp("other") && last.isUp("own"));
  }

  @Test
  void namespacesTravelAsFiles_bothWays() throws Exception {
    GoPeer forwarder = mesh.clientOf(mesh.urlFor("own").toString(), "nsc", "-recvfd");

    Connection up = forwarder.ask("request", Asked.first("fd-1"), "").connection();

    String url = up.getMechanism().getParametersOrThrow("inodeURL");
    assertThat(url).startsWith("file:///proc/");
    Path received = Path.of(url.substring("file://".length()));
    assertThat(Files.getAttribute(received, "unix:ino"))
        .isEqualTo(Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino"));
    forwarder.ask("close", up, "");
    assertThat(mesh.runtime().files().size()).isZero();
  }

  @Test
  void aCertificateOfAnotherAuthority_isRefusedAsByTheReference() throws Exception {
    mesh.closing(mesh.authority("stranger"));
    String stranger = mesh.workloadApi("stranger", "nsc");
    GoPeer reference = mesh.endpoint("other", "10.0.1.0/24");
    assertThat(reference).isNotNull();

    String byTheirs = refusal(mesh.urlFor("other").toString(), stranger);

    assertThat(refusal(mesh.urlFor("own").toString(), stranger)).isEqualTo(byTheirs);
    assertThat(nse.server.connections()).allMatch(c -> c.labels().isEmpty());
  }

  @Test
  void doctoredTokens_areRefusedAsByTheReference() throws Exception {
    GoPeer reference = mesh.endpoint("other", "10.0.1.0/24");
    assertThat(reference).isNotNull();
    Instant soon = Instant.now().plusSeconds(600);
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("fitting", Forged.jwt("spiffe://test.com/own", soon));
    tokens.put("expired", Forged.jwt("spiffe://test.com/own", Instant.now().minusSeconds(5)));
    tokens.put("of another pair", Forged.jwt("spiffe://test.com/nsc", soon));
    tokens.put("missing", "");
    tokens.put("no token", "nonsense");
    Map<String, String> byTheirs = answers("other", tokens);
    assertThat(byTheirs)
        .containsEntry("fitting", "OK")
        .containsEntry("expired", "PERMISSION_DENIED " + REASON);
    assertThat(answers("own", tokens)).isEqualTo(byTheirs);
  }

  /** What a server answers to a path whose first component has a token of that kind. */
  private Map<String, String> answers(String server, Map<String, String> tokens) throws Exception {
    ManagedChannel channel =
        GrpcChannels.open(mesh.urlFor(server).toString(), mesh.runtime().transport());
    mesh.closing(() -> channel.shutdownNow());
    Map<String, String> answers = new LinkedHashMap<>();
    for (Map.Entry<String, String> token : tokens.entrySet()) {
      answers.put(token.getKey(), answer(channel, server + " " + token.getKey(), token.getValue()));
    }
    return answers;
  }

  /** OK, or the code and the reason; what stands around the reason is each server's own. */
  private static String answer(ManagedChannel channel, String id, String token) {
    try {
      var unused =
          NetworkServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .request(Forged.request(id, token));
      return "OK";
    } catch (StatusRuntimeException refused) {
      String text = String.valueOf(refused.getStatus().getDescription());
      return refused.getStatus().getCode() + " " + (text.contains(REASON) ? REASON : text);
    }
  }

  private String refusal(String url, String workloadApi) throws Exception {
    GoPeer client = mesh.clientOf(url, "stranger-nsc", "-heal=false", "-spiffe", workloadApi);
    GoPeer.Refused refused =
        catchThrowableOfType(
            GoPeer.Refused.class, () -> client.ask("request", Asked.first("s"), ""));
    assertThat(refused).isNotNull();
    client.close();
    return refused.code;
  }

  /** Our own one, at the end of the path. */
  private static String token(Connection connection) {
    return connection.getPath().getPathSegments(3).getToken();
  }

  private static String algorithm(PathSegment segment) {
    String header = segment.getToken().substring(0, segment.getToken().indexOf('.'));
    return new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
  }
}
