package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.api.connection.Connection;
import io.vl3.grpc.PrefixServer;
import io.vl3.health.Reporter;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.transport.GrpcChannels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our prefixes from the reference's prefix server. */
@RequiresGo
class GoPrefixServerTest {

  private GoMesh mesh;
  private GoPeer server;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
    server = mesh.closing(serve("172.16.0.0/16"));
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void prefixesAreGivenInOrder_andAFreedOneIsGivenAgain() throws Exception {
    PrefixServer first = source();
    awaitPrefixes(first, "172.16.0.0/24");
    PrefixServer second = source();
    awaitPrefixes(second, "172.16.1.0/24");

    first.close();

    assertThat(first.current().prefixes()).isEmpty();
    Eventually.until(
        "the freed one is given again",
        () -> {
          PrefixServer third = source();
          Eventually.until("granted", () -> !third.current().prefixes().isEmpty());
          return third.current().prefixes().equals(List.of(IpPrefix.parse("172.16.0.0/24")));
        });
  }

  @Test
  void whatIsExcluded_isNotOurs() throws Exception {
    awaitPrefixes(source("172.16.0.0/24"), "172.16.1.0/24");
    // The server grants 172.16.0.64/24 then, which is neither aligned nor free.
    awaitPrefixes(source("172.16.0.0/26"), "172.16.0.64/26", "172.16.0.128/25");
  }

  @Test
  void aServerThatRestarts_givesUsTheSameAgain_andNothingIsGivenAwayMeanwhile() throws Exception {
    PrefixServer other = source();
    awaitPrefixes(other, "172.16.0.0/24");
    PrefixServer ours = source();
    awaitPrefixes(ours, "172.16.1.0/24");
    List<PrefixSource.State> seen = new ArrayList<>();
    ours.onChange(() -> seen.add(ours.current()));

    server.kill();
    other.close();
    assertThat(ours.current().prefixes()).containsExactly(IpPrefix.parse("172.16.1.0/24"));
    server = mesh.closing(serve("172.16.0.0/16"));

    // The server knows of no prefix but those that it was asked for again.
    Eventually.until("asked again", () -> server.await("granted").text().equals("172.16.1.0/24"));
    awaitPrefixes(source(), "172.16.0.0/24");
    assertThat(ours.current().prefixes()).containsExactly(IpPrefix.parse("172.16.1.0/24"));
    assertThat(seen).isEmpty();
  }

  @Test
  void anotherPrefixAtRunTime_movesTheConnections() throws Exception {
    PrefixServer ours = source();
    awaitPrefixes(ours, "172.16.0.0/24");
    OwnNse nse = OwnNse.start(mesh, "own", ours, List.of("172.16.0.0/12"));
    GoPeer client = mesh.client("nsc");
    Connection before = client.ask("request", Asked.first("nsc-1"), "").connection();
    assertThat(before.getContext().getIpContext().getSrcIpAddrsList())
        .containsExactly("172.16.0.1/32");

    server.kill();
    server = mesh.closing(serve("172.17.0.0/16"));

    Connection after =
        client
            .await(
                "the moved connection",
                line ->
                    line.event().equals("established")
                        && Asked.lines(line.connection()).contains("src 172.17.0.1/32"))
            .connection();
    assertThat(Asked.lines(after))
        .containsExactly(
            "src 172.17.0.1/32",
            "dst 172.17.0.0/32",
            "src_route 172.17.0.0/32 via 172.17.0.0",
            "src_route 172.17.0.0/24 via 172.17.0.0",
            "src_route 172.16.0.0/12 via 172.17.0.0",
            "dst_route 172.17.0.1/32 via ");
    assertThat(client.seen("closed")).isEmpty();
    assertThat(nse.server.connections()).hasSize(1);
  }

  private GoPeer serve(String pool) throws Exception {
    return mesh.start(
        "prefixes",
        List.of("prefixes", "-listen", mesh.urlFor("prefixes").toString(), "-pool", pool));
  }

  private PrefixServer source(String... excluded) throws Exception {
    ManagedChannel channel =
        GrpcChannels.open(mesh.urlFor("prefixes").toString(), mesh.runtime().transport());
    mesh.closing(() -> channel.shutdownNow());
    return mesh.closing(
        PrefixServer.start(
            channel,
            "prefixes",
            List.of(excluded).stream().map(IpPrefix::parse).toList(),
            Optional.empty(),
            mesh.runtime().timer(),
            mesh.runtime().random(),
            Reporter.NONE));
  }

  private static void awaitPrefixes(PrefixSource source, String... prefixes) throws Exception {
    List<IpPrefix> wanted = List.of(prefixes).stream().map(IpPrefix::parse).toList();
    Eventually.until("prefixes " + wanted, () -> source.current().prefixes().equals(wanted));
  }
}
