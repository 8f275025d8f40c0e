package io.vl3.linux.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.Interface;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresNetns
class NamespaceLinksTest {

  private final TestNetns fixtures = new TestNetns("vl3-look");
  private Netns one;
  private Netns two;

  @BeforeEach
  void join() throws Exception {
    one = fixtures.add("one");
    two = fixtures.add("two");
    String other = two.path().getFileName().toString();
    KernelState.ip(
        one, "link", "add", "veth0", "type", "veth", "peer", "name", "veth1", "netns", other);
    KernelState.ip(one, "address", "add", "10.9.0.1/30", "dev", "veth0");
    KernelState.ip(two, "address", "add", "10.9.0.2/30", "dev", "veth1");
    KernelState.ip(one, "link", "set", "veth0", "up");
    KernelState.ip(two, "link", "set", "veth1", "up");
  }

  @AfterEach
  void remove() throws Exception {
    fixtures.close();
  }

  @Test
  void interfaces_haveAddressesAndCounters_andSayWhetherTheOtherSideIsUp() throws Exception {
    long before = veth().counters().packetsOut();
    assertThat(new IcmpProbe().alive(one.url(), IpAddress.parse("10.9.0.2"), Duration.ofSeconds(2)))
        .isTrue();
    Interface veth = veth();
    assertThat(veth.addresses()).contains(InterfaceAddress.parse("10.9.0.1/30"));
    assertThat(veth.mtuBytes()).isEqualTo(1500);
    assertThat(veth.up()).isTrue();
    assertThat(veth.counters().packetsOut()).isGreaterThan(before);
    assertThat(veth.counters().bytesOut()).isGreaterThan(veth.counters().packetsOut());
    assertThat(veth.counters().packetsIn()).isPositive();

    KernelState.ip(two, "link", "set", "veth1", "down");
    assertThat(veth().up()).isFalse();
  }

  @Test
  void routes_areThoseOfTheMainTable_whoeverMadeThem() throws Exception {
    KernelState.ip(one, "route", "add", "10.20.0.0/16", "via", "10.9.0.2", "metric", "7");
    KernelState.ip(one, "route", "add", "unreachable", "10.30.0.0/16");
    assertThat(NamespaceLinks.of(one).routes().stream().map(NamespaceLinksTest::text))
        .contains(
            "10.9.0.0/30 dev veth0 metric 0",
            "10.20.0.0/16 via 10.9.0.2 dev veth0 metric 7",
            "10.30.0.0/16 refused metric 0");
    KernelState.ip(one, "route", "del", "10.20.0.0/16");
    assertThat(NamespaceLinks.of(one).routes().stream().map(NamespaceLinksTest::text))
        .noneMatch(route -> route.startsWith("10.20"));
  }

  @Test
  void aNamespaceThatIsGone_isNamed() throws Exception {
    fixtures.close();
    assertThatThrownBy(() -> NamespaceLinks.of(one))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining(one.path().toString());
  }

  private Interface veth() throws EndpointException {
    InstalledLinks links = NamespaceLinks.of(one);
    assertThat(links.interfaces()).extracting(Interface::name).containsExactly("veth0");
    return links.interfaces().get(0);
  }

  private static String text(InstalledLinks.InstalledRoute route) {
    return route.destination()
        + route.gateway().map(hop -> " via " + hop).orElse("")
        + (route.refuses() ? " refused" : " dev " + route.interfaceName())
        + " metric "
        + route.metric();
  }
}
