package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.connection.PathSegment;
import io.vl3.nsm.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reference's side excludes from our prefix: by its element, or by the client itself. */
@RequiresGo
class GoExcludedPrefixesTest {

  private static final String PREFIX = "10.0.0.0/24";

  @TempDir private Path directory = Path.of("/");

  @Test
  void anAddress_avoidsThem_andIsMovedOnceTheyCoverIt() throws Exception {
    Path excluded = directory.resolve("excluded_prefixes.yaml");
    exclude(excluded, "10.0.0.1/32");
    try (GoMesh mesh = new GoMesh(List.of(), List.of("-excluded", excluded.toString()))) {
      OwnNse nse = OwnNse.start(mesh, "own", List.of(PREFIX), List.of("10.0.0.0/16"));
      GoPeer client = mesh.client("nsc");
      Connection first = client.ask("request", Asked.first("nsc-1"), "").connection();
      assertThat(source(first)).containsExactly("10.0.0.2/32");
      var unused = client.ask("monitor", last(first), mesh.urlFor("own").toString());
      client.await("monitored", "INITIAL_STATE_TRANSFER");

      exclude(excluded, "10.0.0.1/32", "10.0.0.2/31");
      Eventually.until(
          "moved by a refresh",
          () ->
              source(client.ask("request", Asked.again(first), "").connection())
                  .equals(List.of("10.0.0.4/32")));

      ConnectionEvent event = client.await("monitored", "UPDATE").message(ConnectionEvent.parser());
      assertThat(event.getConnectionsMap().values())
          .extracting(GoExcludedPrefixesTest::source)
          .containsExactly(List.of("10.0.0.4/32"));
      assertThat(client.seen("closed")).isEmpty();
      assertThat(nse.server.connections()).hasSize(1);
    }
  }

  @Test
  void whatAClientItselfExcludes_isAvoided() throws Exception {
    try (GoMesh mesh = GoMesh.start()) {
      OwnNse nse = OwnNse.start(mesh, "own", List.of(PREFIX), List.of("10.0.0.0/16"));
      GoPeer client = mesh.client("nsc");
      var request = Asked.first("nsc-1").toBuilder();
      request
          .getConnectionBuilder()
          .getContextBuilder()
          .getIpContextBuilder()
          .addAllExcludedPrefixes(List.of("10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/30"));

      Connection up = client.ask("request", request.build(), "").connection();

      assertThat(Asked.lines(up)).contains("src 10.0.0.8/32", "dst 10.0.0.0/32");
      assertThat(nse.server.connections()).hasSize(1);
    }
  }

  private static void exclude(Path file, String... prefixes) throws Exception {
    String lines =
        Stream.of(prefixes).map(each -> "- " + each + "\n").collect(Collectors.joining());
    Files.writeString(file, "prefixes:\n" + lines);
  }

  private static List<String> source(Connection connection) {
    return connection.getContext().getIpContext().getSrcIpAddrsList();
  }

  /** The endpoint's own part of the path. */
  private static MonitorScopeSelector last(Connection connection) {
    PathSegment segment =
        connection.getPath().getPathSegments(connection.getPath().getPathSegmentsCount() - 1);
    return MonitorScopeSelector.newBuilder()
        .addPathSegments(PathSegment.newBuilder().setName(segment.getName()).setId(segment.getId()))
        .build();
  }
}
