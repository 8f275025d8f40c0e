package io.vl3.nsm.internal.file;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.LinkEnd;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.transport.OpenDescriptors;
import io.vl3.transport.internal.unix.PassedFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files standing for network namespaces pass from client and endpoint to the manager. */
class FilesOfConnectionsTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @TempDir Path directory;

  private Path workload;
  private Path nse;

  @BeforeEach
  void files() throws Exception {
    workload = Files.createFile(directory.resolve("workload"));
    nse = Files.createFile(directory.resolve("nse"));
  }

  @AfterEach
  void nothingIsHeld() throws Exception {
    Eventually.until("no file held", () -> nsm.runtime().files().size() == 0);
  }

  @Test
  void bothNamespaces_reachTheManagerAsFiles_andGoWithTheConnection() throws Exception {
    endpoint(FailAt.request(0));
    NsmClient client = nsm.client("w");
    Connection answer = client.request(request());
    assertThat(netns(link().client())).isEqualTo(PassedFile.inodeUrl(workload));
    assertThat(netns(link().endpoint())).isEqualTo(PassedFile.inodeUrl(nse));
    assertThat(answer.mechanism().flatMap(m -> m.parameter(Mechanism.INODE_URL)))
        .contains("file://" + workload);
    for (Path each : List.of(workload, nse)) {
      Path held = nsm.runtime().files().locate(PassedFile.inodeUrl(each)).orElseThrow();
      assertThat(Files.isSameFile(held, each)).isTrue();
    }

    Connection refreshed = client.request(request().withConnection(answer));
    assertThat(refreshed.mechanism()).isEqualTo(answer.mechanism());
    assertThat(nsm.runtime().files().size()).isEqualTo(2);
    client.close(refreshed);
    assertThat(nsm.runtime().files().size()).isZero();
  }

  @Test
  void anotherFileUnderTheSameName_isSentWithTheRefresh() throws Exception {
    endpoint(FailAt.request(0));
    NsmClient client = nsm.client("w");
    Connection answer = client.request(request());
    Files.move(Files.createFile(directory.resolve("other")), nse, REPLACE_EXISTING);
    Connection refreshed = client.request(request().withConnection(answer));
    assertThat(netns(link().endpoint())).isEqualTo(PassedFile.inodeUrl(nse));
    client.close(refreshed);
  }

  @Test
  void aFileIsHeld_afterItsNameIsGone() throws Exception {
    endpoint(FailAt.request(0));
    NsmClient client = nsm.client("w");
    Connection answer = client.request(request());
    String url = PassedFile.inodeUrl(workload);
    Files.delete(workload);
    Path held = nsm.runtime().files().locate(url).orElseThrow();
    assertThat(PassedFile.inodeUrl(held)).isEqualTo(url);
    client.close(answer);
  }

  @Test
  void twoConnectionsOfOneNamespace_holdOneFile() throws Exception {
    endpoint(FailAt.request(0));
    NsmClient client = nsm.client("w");
    Connection first = client.request(request());
    Connection second = client.request(request());
    assertThat(nsm.runtime().files().size()).isEqualTo(2);
    client.close(first);
    assertThat(nsm.runtime().files().size()).isEqualTo(2);
    client.close(second);
  }

  /** At the endpoint, on the way back to the manager, and behind the manager's back. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aFirstRequestThatFails_holdsNothing(int place) throws Exception {
    endpoint(place == 0 ? FailAt.request(1) : FailAt.answer(place == 1 ? 1 : 99));
    NsmClient client = client(FailAt.answer(place == 2 ? 1 : 99));
    assertThatThrownBy(() -> client.request(request())).isInstanceOf(EndpointException.class);
    Eventually.until("no file held", () -> nsm.runtime().files().size() == 0);
    client.close(client.request(request()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aRefreshThatFails_holdsWhatWasHeld(int place) throws Exception {
    endpoint(place == 0 ? FailAt.request(2) : FailAt.answer(place == 1 ? 2 : 99));
    NsmClient client = client(FailAt.answer(place == 2 ? 2 : 99));
    Connection answer = client.request(request());
    assertThatThrownBy(() -> client.request(request().withConnection(answer)))
        .isInstanceOf(EndpointException.class);
    assertThat(nsm.runtime().files().locate(PassedFile.inodeUrl(workload))).isPresent();
    assertThat(nsm.runtime().files().size()).isEqualTo(2);
    client.close(answer);
  }

  /** One descriptor more may be open for a moment after the answer has come. */
  @Test
  void moreThanOnce_opensNoMoreDescriptorsThanOnce() throws Exception {
    endpoint(FailAt.request(0));
    NsmClient client = nsm.client("w");
    client.close(client.request(request()));
    int once = OpenDescriptors.below(directory).size();
    for (int i = 0; i < 10; i++) {
      client.close(client.request(request()));
    }
    assertThat(nsm.runtime().files().size()).isZero();
    Eventually.until(
        "no more than " + once + " descriptors",
        () -> OpenDescriptors.below(directory).size() <= once);
  }

  @Test
  void aSocketUnderAnotherName_isHeldWhileItIsRegistered() throws Exception {
    Path hidden = directory.resolve("hidden.sock");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(hidden));
      Path shown = directory.resolve("shown.sock");
      Files.createLink(shown, hidden);
      EndpointRecord asked = EndpointRecord.of("h", "svc", Map.of(), "unix://" + shown);
      EndpointRecord granted = nsm.access().registry().register(asked);
      assertThat(granted.url()).isEqualTo(asked.url());
      assertThat(nsm.manager().registry().find(EndpointQuery.ofName("h")).get(0).url())
          .isEqualTo(asked.url());
      nsm.access().registry().unregister(granted);
    }
  }

  private TestEnd endpoint(FailAt fault) throws Exception {
    return nsm.closing(new TestEnd(fault));
  }

  private NsmClient client(FailAt fault) {
    return nsm.closing(NsmClient.builder(nsm.runtime(), nsm.access(), "w").element(fault).build());
  }

  private ConnectionRequest request() {
    return request(workload);
  }

  private static ConnectionRequest request(Path netns) {
    return new ConnectionRequest(
        Connection.to("svc"),
        List.of(Mechanism.local(Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file://" + netns))));
  }

  private io.vl3.dataplane.Link link() {
    return nsm.dataPlane().links().get(0);
  }

  private static String netns(LinkEnd end) {
    return ((KernelInterface) end.attachment()).netns();
  }

  /** An endpoint whose namespace is a file of the test. */
  private final class TestEnd implements AutoCloseable {

    private final NseServer server;

    TestEnd(FailAt fault) throws Exception {
      // Without a monitor the client would heal at once, and for a moment hold nothing.
      ConnectionBoard board = new ConnectionBoard(nsm.runtime().executor(), 100);
      Endpoint chain =
          EndpointChain.of(
              "nse",
              new UpdatePath(
                  "nse",
                  new LocalTokens("nse", nsm.runtime().timer(), Duration.ofMinutes(10)),
                  ConnectionId::random),
              PublishConnection.on(board),
              new OfferKernelInterface("file://" + nse, "e"),
              fault);
      server =
          NseServer.builder(nsm.runtime(), "nse", nsm.access().registry(), nsm.urlFor("nse"), chain)
              .service("svc", Map.of())
              .register(NetworkServiceRecord.of("svc"))
              .monitor(board)
              .start();
      var unused = server.registered().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
