package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a change costs VPP, in requests: the same, however many links there are. */
class DirectCostTest {

  private static final int LINKS = 50;

  private final DirectRig rig = new DirectRig("23.06");
  private final VppDataPlane plane = rig.open(VppSettings.of("nse-a"));

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void oneMoreLink_isTwoTurns_whateverThereIs() {
    for (int n = 0; n < LINKS; n++) {
      put(SomeLinks.numbered("w" + n, n, List.of()));
    }
    Link more = SomeLinks.numbered("more", 99, List.of());
    assertThat(requests(() -> put(more)))
        .as("socket, memif, tag, address, mtu, flags, route")
        .isEqualTo(7);
    assertThat(requests(() -> put(more))).as("as it is").isZero();
    assertThat(requests(() -> remove("more"))).as("route, addresses, memif, socket").isEqualTo(4);
  }

  @Test
  void anotherAddressOfTheLoopback_isNoNewsForThoseThatShowItsFirst() {
    for (int n = 0; n < LINKS; n++) {
      put(SomeLinks.unnumbered("p" + n, "10.0.0.1", "10.1.0." + n));
    }
    Link more = SomeLinks.unnumbered("more", List.of("10.0.0.1", "10.0.0.9"), List.of("10.2.0.1"));
    String before = rig.model.state();
    assertThat(requests(() -> put(more)))
        .as("socket, memif, tag, address, mtu, unnumbered, flags, route")
        .isEqualTo(8);
    assertThat(requests(() -> remove("more")))
        .as("route, unnumbered, memif, socket, address")
        .isEqualTo(5);
    assertThat(rig.model.state()).isEqualTo(before);
  }

  @Test
  void theFirstAddressOfAFamily_isNewsForAll_andSoIsItsEnd() {
    for (int n = 0; n < LINKS; n++) {
      put(SomeLinks.unnumbered("p" + n, "10.0.0.1", "10.1.0." + n));
    }
    String before = rig.model.state();
    put(SomeLinks.unnumbered("more", List.of("10.0.0.1", "fd00::1"), List.of("10.2.0.1")));
    assertThat(rig.model.state()).doesNotContain(" as 0a000001/32-");
    remove("more");
    assertThat(rig.model.state()).isEqualTo(before);
  }

  private int requests(Runnable work) {
    int before = rig.server.count();
    work.run();
    return rig.server.count() - before;
  }

  private void put(Link link) {
    apply(List.of(new LinkChange.Put(link)));
  }

  private void remove(String key) {
    apply(List.of(new LinkChange.Remove(new LinkKey(key))));
  }

  private void apply(List<LinkChange> changes) {
    assertThat(plane.apply(changes)).allMatch(Applied.class::isInstance);
  }
}
