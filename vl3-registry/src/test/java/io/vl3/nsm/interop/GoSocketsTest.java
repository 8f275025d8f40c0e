package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.registry.EndpointQuery;
import io.vl3.transport.TransportUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The listening socket of an endpoint at its registration, between our elements and the
 * reference's: what the manager gets is that very file, by device and inode, and it calls the
 * endpoint there.
 */
@RequiresGo
class GoSocketsTest {

  @TempDir private Path directory = Path.of("/");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theReferencesManager_holdsOurSocket_andCallsUsThere(boolean secured) throws Exception {
    try (GoMesh mesh = secured ? GoMesh.secured() : GoMesh.start()) {
      OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
      String socket = GoPeer.inode(((TransportUrl.Unix) mesh.urlFor("own")).path());

      assertThat(mesh.manager().files()).contains(socket);
      var up = mesh.client("nsc").ask("request", Asked.first("nsc-1"), "").connection();
      assertThat(up.getNetworkServiceEndpointName()).isEqualTo("own");
    }
  }

  /** The endpoint names its socket by another path, which only the file itself leads away from. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ourManager_knowsTheReferencesSocket_byItsFile(boolean secured) throws Exception {
    try (GoMesh mesh = secured ? GoMesh.secured() : GoMesh.start()) {
      EmbeddedManager manager =
          mesh.closing(
              EmbeddedManager.builder(mesh.runtime(), new MemoryDataPlane())
                  .listenOn(mesh.urlFor("own-manager"))
                  .start());
      String ours = manager.urls().get(0).toString();
      Path alias = Files.createSymbolicLink(directory.resolve("alias"), directory);
      Path socket = directory.resolve("other.sock");

      mesh.endpointAt(alias.resolve("other.sock"), ours, "other", "10.0.1.0/24");

      assertThat(manager.registry().find(EndpointQuery.ofName("other")))
          .singleElement()
          .extracting(endpoint -> Path.of(endpoint.url().substring("unix://".length())))
          .isEqualTo(socket.toRealPath())
          .extracting(GoPeer::inode)
          .isEqualTo(GoPeer.inode(socket));
      GoPeer client = mesh.clientOf(ours, "nsc");
      var up = client.ask("request", Asked.first("nsc-1"), "").connection();
      assertThat(up.getNetworkServiceEndpointName()).isEqualTo("other");
    }
  }
}
