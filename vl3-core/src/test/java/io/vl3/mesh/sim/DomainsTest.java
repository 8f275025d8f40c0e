package io.vl3.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.mesh.Mutation;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** NSEs in several domains, each of which lists the others as remote. */
class DomainsTest {

  private final QuietLog log = new QuietLog();
  private final World world = new World(1, 3, Mutation.NONE);

  @AfterEach
  void close() {
    world.close();
    log.close();
  }

  @Test
  void twoRemoteDomains_bothWork() {
    startTwoInEach();
    world.run(Duration.ofSeconds(5));
    assertThat(Invariants.broken(world)).isEmpty();
    assertThat(world.running().get(0).mesh().status())
        .hasSize(5)
        .extracting(PeerStatus::peer)
        .contains("nse-1", "nse-0@dom1", "nse-1@dom1", "nse-0@dom2", "nse-1@dom2");
  }

  /** One domain is not reached from the start, then for a while, then again for good. */
  @Test
  void ofThreeDomains_oneMayBeUnreachable_withoutHarmToTheOthers() {
    cutOff("dom2");
    startTwoInEach();
    world.run(Duration.ofSeconds(30));
    assertThat(up("dom0")).isEqualTo(3);
    world.network().repair();
    world.run(Duration.ofSeconds(30));
    assertThat(Invariants.broken(world)).isEmpty();
    cutOff("dom2");
    world.breakStreams();
    world.run(Duration.ofSeconds(60));
    assertThat(up("dom0")).isEqualTo(3);
    assertThat(up("dom2")).isEqualTo(1);
    world.network().repair();
    world.run(Duration.ofSeconds(15));
    assertThat(Invariants.unjoined(world)).isEmpty();
    world.run(Duration.ofSeconds(60));
    assertThat(Invariants.broken(world)).isEmpty();
  }

  /** Peers that the first NSE of a domain is linked with. */
  private long up(String domain) {
    Nse first =
        world.running().stream()
            .filter(nse -> nse.node().domain.name().equals(domain))
            .findFirst()
            .orElseThrow();
    return first.mesh().status().stream().filter(peer -> peer.state() == PeerState.UP).count();
  }

  private void startTwoInEach() {
    for (Node.Domain domain : world.domains()) {
      for (int i = 0; i < 2; i++) {
        world.start(world.addNode("nse-" + i, domain));
      }
    }
  }

  /** Places are named in the order in which nodes are added: two for each domain. */
  private void cutOff(String domain) {
    List<String> inside = List.of("registry:" + domain, "node4", "node5");
    List<String> outside =
        List.of("registry:dom0", "registry:dom1", "node0", "node1", "node2", "node3");
    for (String one : inside) {
      outside.forEach(other -> world.network().cut(one, other));
    }
  }
}
