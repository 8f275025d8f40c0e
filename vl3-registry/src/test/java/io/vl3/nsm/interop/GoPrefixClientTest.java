package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.prefixes.CentralPrefixes;
import io.vl3.transport.GrpcServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reference's clients at our central IPAM. */
@RequiresGo
class GoPrefixClientTest {

  private static final CentralPrefixes.Settings SETTINGS =
      new CentralPrefixes.Settings(
          IpPrefix.parse("172.16.0.0/16"), 24, Duration.ofHours(24), Duration.ofMinutes(10));

  private GoMesh mesh;
  private CentralPrefixes prefixes;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
    prefixes = mesh.closing(CentralPrefixes.inMemory(SETTINGS, mesh.runtime().timer()));
    var unused =
        mesh.closing(
            GrpcServers.start(
                mesh.urlFor("ipam"), mesh.runtime().transport(), prefixes.services()));
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void eachGetsAPrefixOfItsOwn_withoutWhatItExcludes() throws Exception {
    assertThat(granted(client("first"))).isEqualTo("172.16.0.0/24");
    assertThat(granted(client("second", "-exclude", "172.16.1.0/25,172.16.2.0/24")))
        .isEqualTo("172.16.3.0/24");
    assertThat(granted(client("third"))).isEqualTo("172.16.1.0/24");
  }

  @Test
  void oneThatIsKilled_getsItsPrefixAgain_whichNobodyElseGotMeanwhile() throws Exception {
    GoPeer first = client("first");
    String had = granted(first);
    first.kill();

    assertThat(granted(client("second"))).isEqualTo("172.16.1.0/24");
    assertThat(granted(client("first", "-wish", had))).isEqualTo(had);
  }

  @Test
  void oneThatFinishes_givesItsPrefixBack() throws Exception {
    GoPeer first = client("first");
    assertThat(granted(first)).isEqualTo("172.16.0.0/24");
    var unused = first.ask("finish", Connection.getDefaultInstance(), "");
    assertThat(first.await("ended").text()).isEqualTo("EOF");

    Eventually.until("given back", () -> prefixes.size() == 0);
    assertThat(granted(client("second"))).isEqualTo("172.16.0.0/24");
  }

  private GoPeer client(String name, String... flags) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("prefix-client", "-connect", mesh.urlFor("ipam").toString()));
    arguments.addAll(List.of(flags));
    return mesh.closing(mesh.start(name, arguments));
  }

  private static String granted(GoPeer client) throws Exception {
    return client.await("granted").text();
  }
}
