package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Mechanism;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.process.Vl3Process;
import io.vl3.cli.process.Wait;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.nsm.interop.GoMesh;
import io.vl3.nsm.interop.GoPeer;
import io.vl3.nsm.interop.RequiresGo;
import io.vl3.registry.EndpointRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code vl3 run} with the variables of NSM's own vL3, and {@code vl3 client}, at the reference's
 * manager and prefix server.
 */
@RequiresGo
@RequiresNetns
class GoNsmTest {

  @TempDir private Path directory = Path.of("/");

  @Test
  void theDefaultChains_areAtHomeInNsm() throws Exception {
    try (GoMesh mesh = GoMesh.start();
        TestNetns netns = new TestNetns("gonsm")) {
      String prefixServer = mesh.urlFor("prefixes").toString();
      mesh.closing(mesh.start("prefixes", List.of("prefixes", "-listen", prefixServer)));
      Map<String, String> pod =
          Map.of(
              "NSM_NAME", "vl3-pod",
              "NSM_SERVICE_NAMES", "vl3",
              "NSM_CONNECT_TO", mesh.managerUrl(),
              "NSM_LISTEN_ON", "listen.on.sock",
              "NSM_REQUEST_LABELS", "zone:a",
              "NSM_PREFIX_SERVER_URL", prefixServer);
      Vl3Config config =
          ConfigFile.load(
              ConfigFile.STANDARD, pod, Overrides.NONE.withRunDirectory(directory.toString()));
      CompletableFuture<EndpointRecord> registered = new CompletableFuture<>();
      GoPeer first = mesh.endpoint("go-vl3", "172.16.9.0/24");
      try (Node node = Node.join(directory, Optional.of(config.nsm()));
          Nses nses =
              Nses.start(
                  node, config, (nse, record, prefixes) -> registered.complete(record), () -> {})) {
        assertThat(registered.get(60, TimeUnit.SECONDS).name()).isEqualTo("vl3-pod");

        // It dials the endpoint that was there before it, with the labels of the pod spec.
        NetworkServiceRequest dialled = asked(first, "vl3-pod");
        assertThat(dialled.getConnection().getLabelsMap()).containsEntry("zone", "a");
        assertThat(dialled.getConnection().getContext().getIpContext().getSrcIpAddrsList())
            .containsExactly("172.16.0.0/32");

        // It serves the reference's client.
        GoPeer client = mesh.client("nsc");
        assertThat(
                client
                    .ask("request", workload("nsc", "vl3-pod"), "")
                    .connection()
                    .getContext()
                    .getIpContext()
                    .getSrcIpAddrsList())
            .containsExactly("172.16.0.1/32");

        // The command too, where nobody else is left.
        first.close();
        Vl3Process command =
            Vl3Process.start(
                directory.resolve("client.log"),
                "client",
                "--run-dir",
                directory.resolve("client").toString(),
                "--connect-to",
                mesh.managerUrl(),
                "--service",
                "vl3",
                "--netns",
                netns.add("work").path().toString());
        command.awaitOutput("work: nsm0 172.16.0.2/32, served by vl3-pod");
        command.stop();
        Wait.until(() -> "closed", () -> nses.status().get(0).connections() == 1);
      }
    }
  }

  private static NetworkServiceRequest asked(GoPeer endpoint, String caller) {
    return endpoint
        .await(
            "request of " + caller,
            line ->
                line.event().equals("asked")
                    && line.message(NetworkServiceRequest.parser())
                        .getConnection()
                        .getPath()
                        .getPathSegments(0)
                        .getName()
                        .equals(caller))
        .message(NetworkServiceRequest.parser());
  }

  private static NetworkServiceRequest workload(String id, String endpoint) {
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            io.vl3.api.connection.Connection.newBuilder()
                .setId(id)
                .setNetworkService("vl3")
                .setNetworkServiceEndpointName(endpoint))
        .addMechanismPreferences(
            Mechanism.newBuilder()
                .setCls("LOCAL")
                .setType("KERNEL")
                .putParameters("inodeURL", "file:///proc/self/ns/net"))
        .build();
  }
}
