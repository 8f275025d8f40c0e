package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.process.Wait;
import io.vl3.cli.tracing.OtlpReceiver;
import io.vl3.cli.tracing.OtlpReceiver.Received;
import io.vl3.cli.tracing.Traces;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.interop.GoMesh;
import io.vl3.nsm.interop.GoPeer;
import io.vl3.nsm.interop.RequiresGo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces through the reference's components and ours, in both directions. */
@RequiresGo
@RequiresNetns
class GoTracesTest {

  private static final String REQUEST = "networkservice.NetworkService/Request";

  @TempDir private Path directory;

  @Test
  void aTrace_continuesInTheOthersComponents_whoeverBeganIt() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      String otlp = "127.0.0.1:" + receiver.port();
      try (GoMesh mesh = GoMesh.withManager("-otlp", otlp)) {
        mesh.endpoint("go-vl3", "172.16.9.0/24", "-otlp", otlp);
        Vl3Config config = config(mesh, otlp);
        try (Traces traces = Traces.open(config.tracing(), "ours");
            Node node = Node.join(directory, Optional.of(config.nsm()), traces.telemetry());
            Nses nses = Nses.start(node, config, (nse, record, prefixes) -> {}, () -> {})) {
          assertThat(nses.status()).hasSize(1);
          Wait.until(
              40,
              () -> "our dial in their manager and endpoint: " + requests(receiver),
              () -> reaches(receiver, "dial peer", "nsmpeer endpoint"));
          GoPeer client = mesh.client("nsc", "-otlp", otlp);
          assertThat(client.ask("request", workload(), "").connection().getPath())
              .isNotEqualTo(Connection.getDefaultInstance().getPath());
          Wait.until(
              40,
              () -> "their client's request in ours: " + requests(receiver),
              () -> endsAt(receiver, "ours", "nsmpeer client"));
        }
      }
    }
  }

  private Vl3Config config(GoMesh mesh, String otlp) throws Exception {
    Path file = directory.resolve("vl3.yaml");
    Files.writeString(
        file,
        """
        endpoints:
        - name: vl3
          nseName: ours
          vl3: {ipam: {defaultPrefixPool: 172.16.0.0/16, prefix: 172.16.0.0/24}}
        nsm: {api: v1, connectTo: "%s", listenOn: "%s", livenessCheck: false}
        tracing: {endpoint: "http://%s"}
        """
            .formatted(mesh.managerUrl(), mesh.urlFor("ours"), otlp));
    return ConfigFile.load(file, Map.of(), Overrides.NONE.withRunDirectory(directory.toString()));
  }

  private static NetworkServiceRequest workload() {
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId("nsc-1")
                .setNetworkService("vl3")
                .setNetworkServiceEndpointName("ours"))
        .addMechanismPreferences(
            Mechanism.newBuilder()
                .setCls("LOCAL")
                .setType("KERNEL")
                .putParameters("inodeURL", "file:///proc/self/ns/net"))
        .build();
  }

  /** Whether a trace that began so has a served request in a process, with all between. */
  private static boolean reaches(OtlpReceiver receiver, String root, String process) {
    List<Received> all = receiver.spans();
    return all.stream()
        .filter(span -> span.service().equals(process) && isServed(span))
        .anyMatch(span -> top(span, all).filter(top -> name(top).equals(root)).isPresent());
  }

  /** Whether a request served by a process belongs to a trace that another one began. */
  private static boolean endsAt(OtlpReceiver receiver, String process, String beginner) {
    List<Received> all = receiver.spans();
    return all.stream()
        .filter(span -> span.service().equals(process) && isServed(span))
        .anyMatch(span -> top(span, all).filter(t -> t.service().equals(beginner)).isPresent());
  }

  private static boolean isServed(Received span) {
    return name(span).equals(REQUEST) && span.span().getKind().name().endsWith("SERVER");
  }

  /** The root, if every parent up to it is there. */
  private static Optional<Received> top(Received span, List<Received> all) {
    Optional<Received> at = Optional.of(span);
    while (at.isPresent() && !at.get().parent().isEmpty()) {
      String parent = at.get().parent();
      at = all.stream().filter(other -> other.id().equals(parent)).findFirst();
    }
    return at;
  }

  /** The traces that requests are in. */
  private static String requests(OtlpReceiver receiver) {
    return receiver.spans().stream()
        .filter(span -> name(span).equals(REQUEST) || span.parent().isEmpty())
        .map(
            span ->
                "%n%s %s in %s below %s".formatted(span, span.id(), span.trace(), span.parent()))
        .collect(Collectors.joining());
  }

  private static String name(Received span) {
    return span.span().getName();
  }
}
