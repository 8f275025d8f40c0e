package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which answers are believed over mutual TLS: our client judges those of the reference, and the
 * reference's {@code authorize} element judges ours.
 */
@RequiresGo
class GoAnswersTest {

  private GoMesh mesh;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.secured();
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  /** The reference signs with its newest key also on connections that have not shown it. */
  @Test
  void theReferencesAnswer_isBelieved_alsoAfterARotation() throws Exception {
    mesh.endpoint("other", "10.0.1.0/24");
    NsmClient client = client("other");

    Connection up = client.request(request());
    mesh.rotate();
    Connection again = client.request(request().withConnection(up));

    assertThat(again.ip().clientAddresses()).isEqualTo(up.ip().clientAddresses());
    client.close(again);
  }

  @Test
  void anAnswerThatSomebodyElseSigned_isRefused_andTheConnectionUndone() throws Exception {
    GoPeer liar =
        mesh.endpoint("other", "10.0.1.0/24", "-signer", mesh.workloadApi("agent", "nsc"));
    liar.forget();
    NsmClient client = client("other");

    EndpointException refused =
        catchThrowableOfType(EndpointException.class, () -> client.request(request()));

    assertThat(refused.reason()).isEqualTo(Reason.DENIED);
    assertThat(refused)
        .hasMessageContaining("signed by another (expected: by the server's TLS certificate)")
        .hasMessageContaining("[sub spiffe://test.com/nsc] [server spiffe://test.com/other]");
    liar.await("left");
    assertThat(client.connections()).isEmpty();
  }

  @Test
  void ourAnswer_isBelievedByTheReference_alsoAfterARotation() throws Exception {
    OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
    GoPeer client = mesh.clientOf(mesh.urlFor("own").toString(), "nsc", "-judge", "-refresh=false");

    var up = client.ask("request", Asked.first("nsc-1"), "").connection();
    mesh.rotate();
    var again = client.ask("request", Asked.again(up), "").connection();

    assertThat(Asked.lines(again)).isEqualTo(Asked.lines(up));
    assertThat(client.seen("refused")).isEmpty();
  }

  private NsmClient client(String server) throws Exception {
    ManagerAccess access =
        mesh.closing(
            ManagerAccess.open(
                mesh.runtime(),
                mesh.urlFor(server).toString(),
                mesh.runtime().tokens("own", Duration.ofMinutes(10))));
    return mesh.closing(NsmClient.builder(mesh.runtime(), access, "own").build());
  }

  private static ConnectionRequest request() {
    return new ConnectionRequest(
        Connection.to(OwnNse.SERVICE),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///proc/self/ns/net"))));
  }
}
