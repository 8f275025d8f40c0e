package io.vl3.linux;

import static io.vl3.linux.testing.KernelState.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.linux.PacketTap.Packet;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresNetns
class PacketTapTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ECHO_REQUEST = 8;
  private static final int ECHO_REPLY = 0;

  private final TestNetns fixtures = new TestNetns("tap");

  @AfterEach
  void deleteNamespaces() throws IOException {
    fixtures.close();
  }

  @Test
  void bothDirectionsOfAVeth_areSeen_withNameTimeAndLength_alsoOfOneMadeLater() throws Exception {
    Netns one = fixtures.add("one");
    Netns two = fixtures.add("two");
    try (PacketTap tap = PacketTap.open(one, 60)) {
      veth(one, two);
      long before = nanos(Instant.now());
      Echo echo = new IcmpProbe().echo(one, IpAddress.parse("10.9.1.2"), 500, PATIENCE).get();
      assertThat(echo).isInstanceOf(Echo.Answered.class);
      List<Packet> echoes = echoes(tap, 2);
      assertThat(echoes).extracting(Packet::interfaceName).containsOnly("veth1");
      assertThat(echoes).extracting(Packet::ethernet).containsOnly(true);
      assertThat(echoes).extracting(Packet::outgoing).containsExactly(true, false);
      assertThat(echoes)
          .extracting(packet -> type(packet))
          .containsExactly(ECHO_REQUEST, ECHO_REPLY);
      assertThat(echoes).extracting(Packet::lengthBytes).containsOnly(14 + 500);
      assertThat(echoes).allMatch(packet -> packet.data().length == 60);
      // The stamps are the kernel's, whose clock is that of an Instant.
      assertThat(echoes).allMatch(packet -> packet.epochNanos() >= before - 10_000_000);
      assertThat(echoes).allMatch(packet -> packet.epochNanos() <= nanos(Instant.now()));
      assertThat(tap.dropped()).isZero();
    }
  }

  @Test
  void whatNobodyTakesInTime_isCounted() throws Exception {
    Netns one = fixtures.add("flood");
    ip(one, "link", "set", "lo", "up");
    try (PacketTap tap = PacketTap.open(one, 64)) {
      IcmpProbe probe = new IcmpProbe();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (tap.dropped() == 0) {
        assertThat(System.nanoTime()).isLessThan(end);
        for (int i = 0; i < 100; i++) {
          probe.echo(one, IpAddress.parse("127.0.0.1"), 60_000, PATIENCE).get();
        }
      }
      assertThat(tap.dropped()).isPositive();
    }
  }

  @Test
  void noNamespace_saysSo() {
    assertThatThrownBy(() -> PacketTap.open(new Netns(Path.of("/dev/null")), 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/dev/null");
  }

  private static void veth(Netns one, Netns two) throws IOException {
    String other = String.valueOf(two.path().getFileName());
    ip(one, "link", "add", "veth1", "type", "veth", "peer", "name", "veth2", "netns", other);
    ip(one, "addr", "add", "10.9.1.1/24", "dev", "veth1");
    ip(two, "addr", "add", "10.9.1.2/24", "dev", "veth2");
    ip(one, "link", "set", "veth1", "up");
    ip(two, "link", "set", "veth2", "up");
  }

  private static List<Packet> echoes(PacketTap tap, int count) throws IOException {
    List<Packet> echoes = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (echoes.size() < count) {
      assertThat(System.nanoTime()).isLessThan(end);
      Optional<Packet> packet = tap.next(true);
      packet.filter(PacketTapTest::isIcmp).ifPresent(echoes::add);
    }
    return echoes;
  }

  /** IPv4 behind an Ethernet header, and ICMP in it. */
  private static boolean isIcmp(Packet packet) {
    byte[] data = packet.data();
    return data.length > 34 && data[12] == 8 && data[13] == 0 && data[23] == 1;
  }

  private static int type(Packet packet) {
    return packet.data()[34];
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }
}
