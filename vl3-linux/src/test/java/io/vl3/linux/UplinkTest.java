package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.linux.Uplink.Hop;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresNetns
class UplinkTest {

  private static final byte[] MAC = {2, (byte) 0xfe, 1, 2, 3, 4};
  private static final List<Hop> HOPS =
      List.of(hop("169.254.7.3", "169.254.7.2"), hop("fd01::2", "fd01::1"));

  private final TestNetns fixtures = new TestNetns("up");
  private Netns nse;
  private Netns vpp;
  private Uplink uplink;

  @BeforeEach
  void setUp() throws IOException {
    nse = fixtures.add("n");
    vpp = fixtures.add("v");
    uplink = new Uplink(nse, "nse-1");
  }

  @AfterEach
  void tearDown() throws IOException {
    fixtures.close();
  }

  @Test
  void prepare_leadsEverythingWithoutARouteToTheOtherEnd() throws IOException {
    assertThat(prepare(vpp)).isTrue();

    assertThat(KernelState.ip(nse, "route", "get", "10.60.0.1"))
        .contains("via 169.254.7.2 dev vpp");
    assertThat(KernelState.ip(nse, "-6", "route", "get", "2001:db8::1"))
        .contains("via fd01::1 dev vpp");
    assertThat(KernelState.ip(nse, "neigh", "show"))
        .contains("169.254.7.2 dev vpp lladdr 02:fe:01:02:03:04 PERMANENT");
    assertThat(KernelState.ip(vpp, "link", "show", "vl3v-x"))
        .contains("mtu 9000", "alias vl3:nse-1:vpp", "state UP");
    assertThat(KernelState.ip(vpp, "addr", "show", "vl3v-x")).doesNotContain("inet");
  }

  @Test
  void prepare_again_changesNothing() throws IOException {
    prepare(vpp);
    String before = KernelState.all(nse) + KernelState.all(vpp);

    assertThat(prepare(vpp)).isFalse();

    assertThat(KernelState.all(nse) + KernelState.all(vpp)).isEqualTo(before);
  }

  @Test
  void prepare_mendsWhatSomebodyChanged() throws IOException {
    prepare(vpp);
    KernelState.ip(nse, "addr", "flush", "dev", "vpp");
    KernelState.ip(nse, "neigh", "flush", "dev", "vpp", "nud", "permanent");
    KernelState.ip(vpp, "link", "set", "vl3v-x", "down");

    assertThat(prepare(vpp)).isFalse();

    assertThat(KernelState.ip(nse, "route", "get", "10.60.0.1")).contains("dev vpp");
    assertThat(KernelState.ip(nse, "neigh", "show")).contains("169.254.7.2", "fd01::1");
    assertThat(KernelState.ip(vpp, "link", "show", "vl3v-x")).contains("state UP");
  }

  @Test
  void prepare_towardsAnotherNamespace_movesThePairAndSaysSo() throws IOException {
    prepare(vpp);
    Netns elsewhere = fixtures.add("w");

    assertThat(prepare(elsewhere)).isTrue();

    assertThat(KernelState.ip(elsewhere, "link")).contains("vl3v-x");
    assertThat(KernelState.ip(vpp, "link")).doesNotContain("vl3v-x");
  }

  @Test
  void prepare_whereTheNameIsSomebodyElses_leavesItAlone() throws IOException {
    KernelState.ip(vpp, "link", "add", "vl3v-x", "type", "veth", "peer", "name", "other");

    assertThatThrownBy(() -> prepare(vpp))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("vl3v-x (expected: a free name)");

    assertThat(KernelState.ip(vpp, "link")).contains("vl3v-x");
    assertThat(KernelState.ip(nse, "link")).doesNotContain("vpp");
  }

  private boolean prepare(Netns there) throws IOException {
    return uplink.prepare(there, "vl3v-x", MAC, HOPS);
  }

  private static Hop hop(String own, String other) {
    return new Hop(IpAddress.parse(own), IpAddress.parse(other));
  }
}
