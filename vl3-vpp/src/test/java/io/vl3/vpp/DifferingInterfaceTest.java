package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.interfaces.MemifLink.MemifMode;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Interfaces that run otherwise than the agent was told: it takes them for configured, and told
 * again does nothing.
 */
class DifferingInterfaceTest {

  private static final Duration NEXT_LOOK = Duration.ofSeconds(31);
  private static final Link WEB = SomeLinks.numbered("web", 1, List.of("10.9.0.0/16"));
  private static final Link API = SomeLinks.numbered("api", 2, List.of());

  private static final Alteration SOCKET =
      memif("socket", memif -> memif.setSocketFilename("/run/vpp/other.sock"));

  static final List<Alteration> ALTERATIONS =
      List.of(
          SOCKET,
          memif("id", memif -> memif.setId(7)),
          memif("role", memif -> memif.setMaster(false)),
          memif("mode", memif -> memif.setMode(MemifMode.ETHERNET)),
          new Alteration("down", face -> face.setEnabled(false)),
          new Alteration("an address less", Interface.Builder::clearIpAddresses),
          new Alteration("an address more", face -> face.addIpAddresses("192.0.2.1/32")));

  private final VppRig rig =
      new VppRig(VppSettings.of("nse-a"), AddressingMode.POINT_TO_POINT, "10.60.0.0/16");

  @AfterEach
  void stop() {
    rig.close();
  }

  /** What somebody may have made of an interface. */
  private record Alteration(String name, UnaryOperator<Interface.Builder> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @FieldSource("ALTERATIONS")
  void interfaceThatWasChangedInVpp_isMadeAnew_andNoOther(Alteration alteration) {
    apply(WEB, API);
    String before = rig.state();
    int made = rig.agent.interfacesCreated();
    rig.agent.alter(interfaceOf("web"), alteration.change);
    assertThat(rig.state()).isNotEqualTo(before);
    rig.timer.advance(NEXT_LOOK);
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    assertThat(rig.agent.interfacesCreated()).as("the other is left alone").isEqualTo(made + 1);
    assertThat(rig.agent.calls()).noneMatch(FakeAgent.Call::fullResync);
  }

  @Test
  void manyThatWereChanged_areAllMadeAnew() {
    List<Link> links =
        IntStream.range(0, 20).mapToObj(n -> SomeLinks.numbered("w-" + n, n, List.of())).toList();
    apply(links.toArray(Link[]::new));
    String before = rig.state();
    rig.agent.alter(item -> item.name().contains(".w-1"), SOCKET.change);
    rig.timer.advance(NEXT_LOOK);
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.agent.interfacesCreated()).isEqualTo(20 + 11);
  }

  @Test
  void loopbackThatLostWhatItLends_isMadeAnew_withEverybodysAddresses() {
    apply(
        SomeLinks.unnumbered("east", "198.18.1.0", "198.18.2.0"),
        SomeLinks.unnumbered("west", "198.18.1.0", "198.18.3.0"),
        SomeLinks.unnumbered("six", "2001:db8::1", "2001:db8::2"));
    String before = rig.state();
    assertThat(before).contains("loopback addresses 198.18.1.0/32 2001:db8::1/128");
    rig.agent.alter(interfaceOf("loopback"), Interface.Builder::clearIpAddresses);
    rig.timer.advance(NEXT_LOOK);
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.agent.interfacesCreated()).as("the loopback alone").isEqualTo(4 + 1);
  }

  @Test
  void whatVppShowsOtherwiseForGood_isTriedWithOneLink_andReported() {
    apply(WEB, API);
    String before = rig.state();
    int made = rig.agent.interfacesCreated();
    rig.agent.shows(face -> face.hasMemif() ? SOCKET.change.apply(face) : face);
    rig.timer.advance(rig.timer.untilNext());
    assertThat(rig.agent.interfacesCreated()).as("one is made anew").isEqualTo(made + 1);
    assertThat(rig.plane.status().state()).isEqualTo(State.DEGRADED);
    assertThat(rig.plane.status().problems()).containsOnlyKeys(WEB.key(), API.key());
    assertThat(rig.plane.status().problems().get(WEB.key()))
        .startsWith("vpp-agent at agent:9113: interface vl3.")
        .contains(".web: memif socket: /run/vpp/other.sock (expected: /run/vl3/memif/web.sock)")
        .contains("though the agent took it")
        .endsWith("[link web]");
    rig.timer.advance(NEXT_LOOK);
    rig.timer.advance(NEXT_LOOK);
    assertThat(rig.agent.interfacesCreated()).as("each at most once").isEqualTo(made + 2);
    assertThat(rig.state()).isEqualTo(before);
    rig.agent.shows(face -> face);
    rig.timer.advance(NEXT_LOOK);
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
  }

  @Test
  void anotherSocketThanAnEarlierLifeTold_isMadeAnewByTheAgent() {
    apply(WEB, API);
    int made = rig.agent.interfacesCreated();
    rig.start();
    Link elsewhere = SomeLinks.withSocket(WEB, "/run/vl3/memif/other.sock");
    assertThat(apply(elsewhere, API)).allMatch(LinkOutcome.Applied.class::isInstance);
    assertThat(rig.state()).contains("socket /run/vl3/memif/other.sock").doesNotContain("PENDING");
    assertThat(rig.agent.interfacesCreated()).isEqualTo(made + 1);
  }

  private static Alteration memif(String name, UnaryOperator<MemifLink.Builder> change) {
    return new Alteration(name, face -> face.setMemif(change.apply(face.getMemif().toBuilder())));
  }

  private List<LinkOutcome> apply(Link... links) {
    return rig.plane.apply(Stream.of(links).<LinkChange>map(LinkChange.Put::new).toList());
  }

  private static Predicate<Item> interfaceOf(String readable) {
    return item -> item.name().endsWith("." + readable) && item.message() instanceof Interface;
  }
}
