package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.internal.file.HeldFiles;
import io.vl3.transport.OpenDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files between our elements and the reference's {@code sendfd} and {@code recvfd}: what is opened
 * is the file that was sent, by device and inode. Files of the test stand for network namespaces,
 * one for each side, so that none can be taken for another.
 */
@RequiresGo
class GoFilesTest {

  @TempDir private Path directory = Path.of("/");

  private Path workload = directory;
  private Path endpoint = directory;

  @BeforeEach
  void files() throws Exception {
    workload = Files.createFile(directory.resolve("workload"));
    endpoint = Files.createFile(directory.resolve("endpoint"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ourServer_opensWhatTheReferenceSends_andSendsWhatItOpens(boolean secured) throws Exception {
    try (GoMesh mesh = secured ? GoMesh.secured() : GoMesh.start()) {
      Opened opened = new Opened(mesh.runtime().files());
      nse(mesh, opened);
      GoPeer client =
          mesh.clientOf(
              mesh.urlFor("own").toString(), "nsc", "-recvfd", "-netns", workload.toString());

      var up = client.ask("request", Asked.first("fd-1"), "").connection();

      assertThat(opened.inode.get()).isEqualTo(inode(workload));
      assertThat(inode(fileOf(up.getMechanism().getParametersOrThrow(Mechanism.INODE_URL))))
          .isEqualTo(inode(endpoint));
      client.ask("close", up, "");
      assertThat(mesh.runtime().files().size()).isZero();
      OpenDescriptors.assertNoneBelow(directory);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ourClient_opensWhatTheReferenceSends_andSendsWhatItOpens(boolean secured) throws Exception {
    try (GoMesh mesh = secured ? GoMesh.secured() : GoMesh.start()) {
      GoPeer reference =
          mesh.endpoint("other", "10.0.1.0/24", "-recvfd", "-netns", endpoint.toString());
      reference.forget();
      NsmClient client = client(mesh, "other");

      Connection up =
          client.request(new ConnectionRequest(Connection.to(OwnNse.SERVICE), List.of(kernel())));

      String sent =
          reference
              .await("asked")
              .message(NetworkServiceRequest.parser())
              .getMechanismPreferences(0)
              .getParametersOrThrow(Mechanism.INODE_URL);
      assertThat(inode(fileOf(sent))).isEqualTo(inode(workload));
      String theirs = up.mechanism().orElseThrow().parameter(Mechanism.INODE_URL).orElseThrow();
      assertThat(inode(mesh.runtime().files().locate(theirs).orElseThrow()))
          .isEqualTo(inode(endpoint));
      client.close(up);
      reference.await("left");
      assertThat(mesh.runtime().files().size()).isZero();
    }
    // What came by a connection is held until that ends.
    OpenDescriptors.assertNoneBelow(directory);
  }

  private void nse(GoMesh mesh, Endpoint witness) throws Exception {
    var tokens = mesh.runtime().tokens("own", Duration.ofMinutes(10));
    var registered =
        mesh.closing(
                NseServer.builder(
                        mesh.runtime(),
                        "own",
                        mesh.access("own").registry(),
                        mesh.urlFor("own"),
                        EndpointChain.of(
                            "own",
                            new UpdatePath("own", tokens, ConnectionId::random),
                            witness,
                            new OfferKernelInterface("file://" + endpoint, "vl3-")))
                    .service(OwnNse.SERVICE, Map.of())
                    .start())
            .registered();
    assertThat(registered.toCompletableFuture().get(60, TimeUnit.SECONDS).name()).isEqualTo("own");
  }

  private static NsmClient client(GoMesh mesh, String server) throws Exception {
    String url = mesh.urlFor(server).toString();
    ManagerAccess access =
        mesh.closing(
            ManagerAccess.open(
                mesh.runtime(), url, mesh.runtime().tokens("own", Duration.ofMinutes(10))));
    return mesh.closing(NsmClient.builder(mesh.runtime(), access, "own").build());
  }

  private Mechanism kernel() {
    return Mechanism.local(
        Mechanism.KERNEL,
        Map.of(Mechanism.INODE_URL, "file://" + workload, Mechanism.NAME, "nsm0"));
  }

  /** Of a file by the path that a process has it by, which we may look through. */
  private static Path fileOf(String url) {
    assertThat(url).startsWith("file:///proc/");
    return Path.of(url.substring("file://".length()));
  }

  private static String inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:dev") + "/" + Files.getAttribute(file, "unix:ino");
  }

  /** Where a namespace would be used: looks at the file behind the client's name for it. */
  private static final class Opened implements Endpoint {

    final AtomicReference<String> inode = new AtomicReference<>("none");
    private final HeldFiles files;

    Opened(HeldFiles files) {
      this.files = files;
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      String url =
          request.mechanismPreferences().get(0).parameter(Mechanism.INODE_URL).orElseThrow();
      files.locate(url).ifPresent(this::look);
      return next.request(request);
    }

    private void look(Path held) {
      try {
        inode.set(GoFilesTest.inode(held));
      } catch (IOException gone) {
        inode.set(gone.toString());
      }
    }

    @Override
    public Description description() {
      return Description.of(this).doing("looks at the client's file");
    }
  }
}
