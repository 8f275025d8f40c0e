package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.Reason;
import io.vl3.net.IpAddress;
import io.vl3.vpp.MemifSettings;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.api.ApiBytes;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiStruct;
import io.vl3.vpp.internal.OwnerNames;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of links in a VPP that is spoken with directly. */
class DirectVppTest {

  private static final String OWNER = "nse-a";
  private static final VppSettings SETTINGS = VppSettings.of(OWNER);
  private static final String LENDERS_MAC = OwnerNames.macOf(new OwnerNames(OWNER).loopbackName());

  private DirectRig rig = new DirectRig("23.06");

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aWorkloadsLink_isOneMemifWithItsAddressAndRoutes() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")));
    String name = name("web");
    assertThat(rig.model.state())
        .isEqualTo(
            """
            interface %1$s memif master ip /run/vl3/memif/web.sock ring 512 up mtu 1400 0a000006/32
            route 0a000005/32 in ip4 0 via 0a000005 over %1$s
            route 0a090000/16 in ip4 0 via 0a000005 over %1$s
            socket /run/vl3/memif/web.sock\
            """
                .formatted(name));
  }

  @Test
  void linksThatShowOneAddress_shareALoopback_andTheLastTakesItAlong() {
    VppDataPlane plane = rig.open(SETTINGS);
    Link one = SomeLinks.unnumbered("one", List.of("10.0.0.1", "fd00::1"), List.of("10.1.0.1"));
    Link two = SomeLinks.unnumbered("two", "10.0.0.1", "10.2.0.1");
    put(plane, one, two);
    assertThat(rig.model.state())
        .containsOnlyOnce("Loopback mac 02fe")
        .contains("up mtu 9000 0a000001/32 fd000000000000000000000000000001/128")
        .contains(name("one") + " memif slave ip abstract:one ring 512 up mtu 1400 unnumbered of ")
        .contains(name("two") + " memif slave ip abstract:two ring 512 up mtu 1400 unnumbered of ");
    remove(plane, "one");
    assertThat(rig.model.state())
        .doesNotContain("fd00")
        .contains("Loopback")
        .contains(" as 0a000001/32-");
    put(plane, one);
    assertThat(rig.model.state())
        .as("who was there shows the other family as well")
        .doesNotContain(" as 0a000001/32-");
    remove(plane, "one");
    remove(plane, "two");
    assertThat(rig.model.state()).isEmpty();
  }

  /** VPP 22.10 makes a file of that name, which nobody else knows. */
  @Test
  void aNameWithoutAFile_isRefused_whereVppTakesItForAFile() {
    rig.close();
    rig = new DirectRig("22.10");
    VppDataPlane plane = rig.open(SETTINGS);
    Link peer = SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1");
    assertThat(plane.apply(List.of(new LinkChange.Put(peer))))
        .singleElement()
        .isInstanceOfSatisfying(
            Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains("abstract:peer: not of this VPP (expected: a file"));
    assertThat(rig.server.count("memif_create")).isZero();
    put(plane, SomeLinks.numbered("web", 1, List.of()));
  }

  @Test
  void aTableOfItsOwn_holdsLoopbackLinksAndRoutes() {
    VppDataPlane plane = rig.open(SETTINGS.withVrf(7));
    put(plane, SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    assertThat(rig.model.state())
        .contains("table ip4 7 '%s'".formatted(new OwnerNames(OWNER).label()))
        .contains("route 0a020001/32 in ip4 7 via 0a020001 over " + name("peer"))
        .contains("mtu 1400 tables 7/0 unnumbered of ")
        .contains("mtu 1400 tables 7/0 0a000006/32");
    remove(plane, "peer");
    remove(plane, "web");
    assertThat(rig.model.state()).isEmpty();
  }

  @Test
  void translation_isEnabledWhenNeeded_andGoesWithTheLast() {
    VppDataPlane plane = rig.open(SETTINGS.withNatAddress(IpAddress.parse("203.0.113.5")));
    Link web = SomeLinks.forwarding(SomeLinks.numbered("web", 1, List.of()), 80, 443);
    put(plane, web);
    assertThat(rig.model.state())
        .contains("nat nat44_\n")
        .contains("nat pool cb007105 vrf 0")
        .contains("nat interface %s 32".formatted(name("web")))
        .contains("nat mapping 6 cb007105:443 to 0a000005:443 'vl3.")
        .contains("nat mapping 6 cb007105:80 to 0a000005:80 'vl3.");
    assertThat(rig.server.count("nat44_add_del_static_mapping_v2"))
        .as("which VPP 22.10 reads otherwise than later ones")
        .isZero();
    put(plane, SomeLinks.forwarding(SomeLinks.numbered("web", 1, List.of()), 443));
    assertThat(rig.model.state()).doesNotContain("cb007105:80 ");
    remove(plane, "web");
    assertThat(rig.model.state()).isEmpty();
  }

  @Test
  void aTranslationThatSomebodyPutsOnTheLoopback_goes() {
    VppDataPlane plane = rig.open(SETTINGS.withNatAddress(IpAddress.parse("203.0.113.5")));
    put(plane, SomeLinks.forwarding(SomeLinks.numbered("web", 1, List.of()), 80));
    put(plane, SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    String before = rig.model.state();
    rig.model.handle(
        ApiMessage.of("nat44_interface_add_del_feature")
            .with("is_add", true)
            .with("flags", 32)
            .with("sw_if_index", number(new OwnerNames(OWNER).loopbackName())));
    assertThat(plane.observe()).hasSize(2);
    assertThat(plane.status().state()).isEqualTo(State.UP);
    assertThat(rig.model.state()).isEqualTo(before);
  }

  @Test
  void aVppWithTheOtherTranslatorOnly_isServedByThat() {
    rig.close();
    rig = new DirectRig("23.06", line -> !line.contains(" nat44_ed_plugin"));
    VppDataPlane plane = rig.open(SETTINGS.withNatAddress(IpAddress.parse("203.0.113.5")));
    put(plane, SomeLinks.forwarding(SomeLinks.numbered("web", 1, List.of()), 80));
    assertThat(rig.model.state())
        .contains("nat nat44_ei_\n")
        .contains("nat interface %s 16".formatted(name("web")));
    remove(plane, "web");
    assertThat(rig.model.state()).isEmpty();
  }

  @Test
  void aVppThatLacksWhatIsNeeded_isRefusedByTheMessagesName() {
    rig.close();
    rig = new DirectRig("23.06", line -> !line.contains(" memif_"));
    VppDataPlane plane = rig.open(SETTINGS);
    assertThat(plane.status().state()).isEqualTo(State.DOWN);
    assertThat(plane.status().detail())
        .contains("messages memif_create, memif_delete")
        .contains("unknown to it (expected: a VPP with its plugin memif that has them)");
    rig.close();
    rig = new DirectRig("23.06", line -> !line.contains(" nat44_"));
    VppDataPlane withNat = rig.open(SETTINGS.withNatAddress(IpAddress.parse("203.0.113.5")));
    assertThat(withNat.status().detail()).contains("nat44_ed_plugin_enable_disable");
    assertThat(rig.open(SETTINGS).status().state()).isEqualTo(State.UP);
  }

  @Test
  void theMtu_isToldOfPacketsAndOfFrames() {
    VppDataPlane plane = rig.open(SETTINGS.withMemif(MemifSettings.DEFAULT.withMtuBytes(1300)));
    put(plane, SomeLinks.numbered("ip", 1, List.of()));
    put(plane, SomeLinks.framed(SomeLinks.numbered("eth", 2, List.of())));
    assertThat(rig.model.state()).contains("ip.sock ring 512 up mtu 1300");
    assertThat(rig.server.count("hw_interface_set_mtu")).isEqualTo(1);
    put(plane, SomeLinks.withMtu(SomeLinks.numbered("ip", 1, List.of()), 1280));
    assertThat(rig.model.state()).contains("ip.sock ring 512 up mtu 1280");
    assertThat(rig.model.created()).as("changed in place").isEqualTo(2);
  }

  @Test
  void whatAMemifIsMadeOf_makesItAnew_andItsRoutesFollow() {
    VppDataPlane plane = rig.open(SETTINGS);
    Link web = SomeLinks.numbered("web", 1, List.of("10.9.0.0/16"));
    put(plane, web);
    String before = rig.model.state();
    put(plane, SomeLinks.withSocket(web, "/run/vl3/memif/other.sock"));
    assertThat(rig.model.state()).isEqualTo(before.replace("/web.sock", "/other.sock"));
    assertThat(rig.model.created()).isEqualTo(2);
  }

  @Test
  void aVppThatStartsAgain_hasAllAgainAfterOneLook() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")));
    put(plane, SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    String before = rig.model.state();
    rig.restart();
    rig.lookUntil(() -> rig.model.state().equals(before));
    assertThat(plane.status().state()).isEqualTo(State.UP);
    assertThat(plane.status().problems()).isEmpty();
  }

  @Test
  void whileVppIsAway_whatRunsIsAnswered_andNewLinksSayWhy() {
    VppDataPlane plane = rig.open(SETTINGS);
    Link web = SomeLinks.numbered("web", 1, List.of());
    put(plane, web);
    rig.server.kill();
    rig.lookUntil(() -> plane.status().state() == State.DOWN);
    assertThat(plane.apply(List.of(new LinkChange.Put(web))).get(0)).isInstanceOf(Applied.class);
    LinkOutcome refused =
        plane.apply(List.of(new LinkChange.Put(SomeLinks.numbered("new", 2, List.of())))).get(0);
    assertThat(refused)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(Reason.UNAVAILABLE);
              assertThat(failed.message()).startsWith("VPP at " + rig.server.socket());
            });
  }

  @Test
  void anInterfaceThatGoes_isToldByVpp_andMadeAgainAtOnce() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    String before = rig.model.state();
    rig.model.take(name("web"));
    rig.await(() -> rig.untilNext().filter(Duration.ofMillis(20)::equals).isPresent());
    rig.timer.advance(Duration.ofMillis(20));
    assertThat(rig.model.state()).isEqualTo(before);
  }

  @Test
  void aLinkWhoseOtherEndWent_isCutOff_untilItIsBack() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    assertThat(plane.cutOff()).as("nobody was there yet").isEmpty();
    rig.model.connect(name("peer"), true);
    rig.await(() -> rig.server.count("sw_interface_set_rx_mode") == 1);
    rig.model.connect(name("peer"), false);
    rig.await(() -> plane.cutOff().equals(Set.of(new LinkKey("peer"))));
    rig.model.connect(name("peer"), true);
    rig.await(() -> plane.cutOff().isEmpty());
  }

  @Test
  void somebodyAtTheOtherEnd_isNoReasonToLook() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    rig.model.connect(name("web"), true);
    rig.await(() -> rig.server.count("sw_interface_set_rx_mode") == 1);
    assertThat(rig.untilNext()).contains(SETTINGS.pace().verify());
  }

  @Test
  void anInterfaceThatSomebodySwitchesOff_isSwitchedOnAtOnce() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    String before = rig.model.state();
    rig.model.switchOff(name("web"));
    rig.await(() -> rig.untilNext().filter(Duration.ofMillis(20)::equals).isPresent());
    rig.timer.advance(Duration.ofMillis(20));
    assertThat(rig.model.state()).isEqualTo(before);
  }

  @Test
  void aSlaveThatIsCutOff_isLookedForEveryHalfSecond_andAMasterWaits() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    rig.model.connect(name("peer"), true);
    rig.model.connect(name("web"), true);
    rig.await(() -> rig.server.count("sw_interface_set_rx_mode") == 2);
    String before = rig.model.state();
    int switched = rig.server.count("sw_interface_set_flags");
    rig.model.connect(name("peer"), false);
    rig.model.connect(name("web"), false);
    rig.await(() -> plane.cutOff().size() == 2);
    rig.await(() -> rig.untilNext().filter(Duration.ofMillis(20)::equals).isPresent());
    rig.timer.advance(Duration.ofMillis(20));
    rig.timer.advance(Duration.ofMillis(500));
    assertThat(rig.server.count("sw_interface_set_flags") - switched)
        .as("one of the two, off and on, at once and after half a second")
        .isEqualTo(4);
    assertThat(rig.model.state()).isEqualTo(before);
    rig.model.connect(name("peer"), true);
    rig.model.connect(name("web"), true);
    rig.await(() -> plane.cutOff().isEmpty());
    rig.timer.advance(Duration.ofSeconds(3));
    assertThat(rig.server.count("sw_interface_set_flags") - switched).isEqualTo(4);
  }

  @Test
  void othersObjects_areNeverTouched() {
    VppDataPlane other = rig.open(VppSettings.of("nse-b"));
    put(other, SomeLinks.numbered("b", 5, List.of("10.77.0.0/16")));
    rig.model.handle(
        ApiMessage.of("create_loopback").with("mac_address", new byte[] {2, 0, 0, 0, 0, 1}));
    String before = rig.model.state();
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    remove(plane, "web");
    assertThat(rig.model.state()).isEqualTo(before);
    assertThat(plane.observe()).isEmpty();
  }

  @Test
  void aRouteThatAnInterfaceLeft_doesNotLeadOverTheNextOne() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")));
    plane.close();
    rig.model.take(name("web"));
    assertThat(rig.model.state()).contains("over nothing");
    VppDataPlane next = rig.open(SETTINGS);
    put(next, SomeLinks.numbered("db", 2, List.of()));
    assertThat(rig.model.state())
        .doesNotContain("0a090000/16")
        .contains("route 0a000009/32 in ip4 0 via 0a000009 over " + name("db"));
  }

  @Test
  void aTableOfItsOwn_isKept_untilARouteThatVppDidNotDeleteIsGone() {
    VppDataPlane plane = rig.open(SETTINGS.withVrf(7));
    put(plane, SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")));
    int[] seen = {0};
    rig.server.refuse(
        "ip_route_add_del", request -> seen[0]++ == 1 ? Optional.of(-1) : Optional.empty());
    assertThat(plane.apply(List.of(new LinkChange.Remove(new LinkKey("web")))))
        .hasOnlyElementsOfType(Failed.class);
    assertThat(rig.model.state()).contains("over nothing", "table ip4 7");
    rig.server.heal();
    rig.lookUntil(() -> rig.model.state().isEmpty());
  }

  /** Three links are taken back one after the other; the first takes nothing from the others. */
  @Test
  void aTableOfItsOwn_isKept_untilTheRoutesOfAllThatWasTakenBackAreGone() {
    VppDataPlane plane = rig.open(SETTINGS.withVrf(7));
    rig.server.hold("sw_interface_set_flags");
    List<LinkChange> puts =
        Stream.of("a", "b", "c")
            .<LinkChange>map(
                key -> new LinkChange.Put(SomeLinks.numbered(key, key.charAt(0), List.of())))
            .toList();
    assertThat(plane.apply(puts)).hasOnlyElementsOfType(Failed.class);
    rig.server.heal();
    rig.lookUntil(() -> rig.model.state().isEmpty());
  }

  @Test
  void anInterfaceThatALostConnectionLeftUnnamed_getsItsName_andIsNotMadeTwice() {
    VppDataPlane plane = rig.open(SETTINGS);
    rig.server.hang("sw_interface_tag_add_del");
    Link web = SomeLinks.numbered("web", 1, List.of());
    CountDownLatch tried = new CountDownLatch(1);
    rig.server.onSilence(
        () -> {
          rig.server.disconnect();
          tried.countDown();
        });
    assertThat(plane.apply(List.of(new LinkChange.Put(web))).get(0)).isInstanceOf(Failed.class);
    assertThat(tried.getCount()).isZero();
    assertThat(rig.model.state()).contains("interface  memif");
    rig.server.heal();
    rig.lookUntil(() -> plane.status().state() == State.UP);
    assertThat(rig.model.state()).as("nobody wants it").isEmpty();
    put(plane, web);
    assertThat(rig.model.state()).containsOnlyOnce("interface " + name("web"));
  }

  @Test
  void whoElseGivesVppSockets_meetsNoNumberOfOurs() {
    VppDataPlane plane = rig.open(SETTINGS);
    for (long number = 1; number <= 3; number++) {
      othersSocket(number, "/run/other" + number);
    }
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    assertThat(rig.model.socketNumbers())
        .containsEntry("/run/other1", 1L)
        .containsEntry("/run/other2", 2L)
        .containsEntry("/run/other3", 3L);
    assertThat(rig.model.created()).isEqualTo(1);
    assertThat(rig.model.state()).contains(" memif master ip /run/vl3/memif/web.sock ");
  }

  @Test
  void aSocketsNumberThatSomebodyTookMeanwhile_staysTheirs_andNobodyIsAtTheirSocket() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    String ideal = rig.model.state();
    long number = rig.model.socketNumbers().get("/run/vl3/memif/web.sock");
    remove(plane, "web");
    othersSocket(number, "/run/yours");
    LinkChange web = new LinkChange.Put(SomeLinks.numbered("web", 1, List.of()));
    assertThat(plane.apply(List.of(web)).get(0)).isInstanceOf(Failed.class);
    assertThat(rig.model.state()).isEqualTo("socket /run/yours");
    assertThat(plane.apply(List.of(web)).get(0)).isInstanceOf(Applied.class);
    assertThat(rig.model.socketNumbers()).containsEntry("/run/yours", number);
    assertThat(rig.model.state()).isEqualTo(ideal + "\nsocket /run/yours");
  }

  @Test
  void aSocketsNumberThatSomebodyTakesDuringARepair_staysTheirs_andNobodyIsAtTheirSocket() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.numbered("web", 1, List.of()));
    String ideal = rig.model.state() + "\nsocket /run/yours";
    long number = rig.model.socketNumbers().get("/run/vl3/memif/web.sock");
    rig.restart();
    rig.server.refuse(
        "memif_socket_filename_add_del_v2",
        request -> {
          othersSocket(number, "/run/yours");
          return Optional.empty();
        });
    boolean[] atTheirs = {false};
    rig.lookUntil(
        () -> {
          atTheirs[0] |= rig.model.state().contains("ip /run/yours");
          return rig.model.state().equals(ideal);
        });
    assertThat(atTheirs[0]).as("somebody was at their socket after a look").isFalse();
  }

  @Test
  void anInterfaceThatVppMakesLate_goes_whenAnotherHasItsName() {
    VppDataPlane plane = rig.open(SETTINGS);
    Link web = SomeLinks.unnumbered("web", "10.0.0.1", "10.2.0.1");
    rig.server.hang("create_loopback");
    rig.server.onSilence(rig.server::disconnect);
    assertThat(plane.apply(List.of(new LinkChange.Put(web))).get(0)).isInstanceOf(Failed.class);
    rig.server.heal();
    rig.lookUntil(() -> plane.status().state() == State.UP);
    put(plane, web);
    String ideal = rig.model.state();
    plane.observe();
    loopback();
    rig.lookUntil(() -> rig.model.state().equals(ideal));
  }

  @Test
  void anInterfaceThatGetsItsName_isSeenWithAllThatItHas() {
    VppDataPlane plane = rig.open(SETTINGS);
    put(plane, SomeLinks.unnumbered("web", "10.0.0.1", "10.2.0.1"));
    String ideal = rig.model.state();
    rig.server.hang("sw_interface_tag_add_del");
    rig.server.onSilence(
        () -> {
          handle("sw_interface_add_del_address", 1, "prefix", prefix(10, 0, 0, 1));
          rig.server.disconnect();
        });
    rig.model.take(new OwnerNames(OWNER).loopbackName());
    rig.lookUntil(() -> plane.status().state() != State.UP);
    rig.server.heal();
    int told = rig.server.count("sw_interface_add_del_address");
    rig.lookUntil(() -> plane.status().state() == State.UP);
    assertThat(rig.model.state()).isEqualTo(ideal);
    assertThat(rig.server.count("sw_interface_add_del_address")).isEqualTo(told);
  }

  @Test
  void aSecondInterfaceOfOneName_goes_andTheOneInUseStays() {
    VppDataPlane plane = rig.open(SETTINGS);
    int first = loopback();
    Link one = SomeLinks.numbered("one", 1, List.of());
    put(plane, SomeLinks.unnumbered("web", "10.0.0.1", "10.2.0.1"), one);
    int memif = number(name("one"));
    int lender = number(new OwnerNames(OWNER).loopbackName());
    rig.model.connect(name("one"), true);
    String before = rig.model.state();
    handle("sw_interface_tag_add_del", first, "tag", new OwnerNames(OWNER).loopbackName());
    handle("sw_interface_tag_add_del", loopback(), "tag", name("one"));
    handle("sw_interface_tag_add_del", loopback(), "tag", "mine");
    handle("sw_interface_tag_add_del", loopback(), "tag", "mine");
    String mine = "interface mine Loopback mac " + LENDERS_MAC + " down mtu 9000\n";
    String ideal = mine.repeat(2) + before.replaceFirst("interface  Loopback.*\n", "");
    rig.lookUntil(() -> rig.model.state().equals(ideal));
    assertThat(number(name("one"))).isEqualTo(memif);
    assertThat(number(new OwnerNames(OWNER).loopbackName())).isEqualTo(lender);
  }

  @Test
  void anUntaggedMemifOfAnother_staysTheirs_whenOursIsRefusedForIt() {
    VppDataPlane plane = rig.open(SETTINGS);
    othersSocket(5, "/run/vl3/memif/web.sock");
    Link web = SomeLinks.numbered("web", 1, List.of());
    rig.model.handle(
        ApiMessage.of("memif_create")
            .with("socket_id", 5)
            .with("id", 0)
            .with("role", 0)
            .with("mode", 1)
            .with("ring_size", 1024)
            .with("hw_addr", new byte[6]));
    String before = rig.model.state();
    plane.observe();
    LinkOutcome outcome = plane.apply(List.of(new LinkChange.Put(web))).get(0);
    assertThat(outcome).isInstanceOf(Failed.class);
    plane.observe();
    plane.observe();
    assertThat(rig.model.state()).isEqualTo(before);
  }

  @Test
  void anInterfaceThatVppDidNotDelete_getsItsAddressAgain_beforeAnyLook() {
    VppDataPlane plane = rig.open(SETTINGS);
    Link web = SomeLinks.unnumbered("web", "10.0.0.1", "10.2.0.1");
    put(plane, web);
    String before = rig.model.state();
    rig.server.refuse("delete_loopback", request -> Optional.of(-1));
    assertThat(plane.apply(List.of(new LinkChange.Remove(web.key()))).get(0))
        .isInstanceOf(Failed.class);
    assertThat(rig.model.state()).contains("Loopback").doesNotContain("0a000001");
    rig.server.heal();
    put(plane, web);
    assertThat(rig.model.state()).isEqualTo(before);
  }

  @Test
  void aRefusalNamesObjectAndReason_andIsUndone() {
    VppDataPlane plane = rig.open(SETTINGS);
    rig.server.refuse("ip_route_add_del", request -> Optional.of(-3));
    LinkOutcome outcome =
        plane.apply(List.of(new LinkChange.Put(SomeLinks.numbered("web", 1, List.of())))).get(0);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains("route 10.0.0.5/32")
                    .contains("ip_route_add_del: no such routing table (-3)"));
    assertThat(rig.model.state()).isEmpty();
  }

  @Test
  void anAddressOfAnother_isARefusalOfThatLinkOnly() {
    rig.model.handle(
        ApiMessage.of("create_loopback").with("mac_address", new byte[] {2, 0, 0, 0, 0, 1}));
    rig.model.handle(
        ApiMessage.of("sw_interface_add_del_address")
            .with("sw_if_index", 1)
            .with("is_add", true)
            .with("del_all", false)
            .with("prefix", prefix(10, 0, 0, 6)));
    VppDataPlane plane = rig.open(SETTINGS);
    List<LinkOutcome> outcomes =
        plane.apply(
            List.of(
                new LinkChange.Put(SomeLinks.numbered("web", 1, List.of())),
                new LinkChange.Put(SomeLinks.numbered("db", 2, List.of()))));
    assertThat(outcomes.get(0))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.message()).contains("address in use (-105)");
              assertThat(failed.reason()).isEqualTo(Reason.CONFLICT);
            });
    assertThat(outcomes.get(1)).isInstanceOf(Applied.class);
    assertThat(rig.model.state()).doesNotContain(name("web")).contains(name("db"));
  }

  private void othersSocket(long number, String file) {
    rig.model.handle(
        ApiMessage.of("memif_socket_filename_add_del")
            .with("is_add", true)
            .with("socket_id", number)
            .with("socket_filename", file));
  }

  /** A loopback with the hardware address of the one that lends addresses. */
  private int loopback() {
    byte[] mac = HexFormat.of().parseHex(LENDERS_MAC);
    ApiMessage create = ApiMessage.of("create_loopback").with("mac_address", mac);
    return rig.model.handle(create).get(0).intValue("sw_if_index");
  }

  /** Somebody has VPP do something to an interface. */
  private void handle(String message, int face, String field, Object value) {
    rig.model.handle(
        ApiMessage.of(message)
            .with("sw_if_index", face)
            .with("is_add", true)
            .with("del_all", false)
            .with(field, value));
  }

  private static ApiStruct prefix(int... octets) {
    byte[] four = new byte[4];
    for (int i = 0; i < 4; i++) {
      four[i] = (byte) octets[i];
    }
    return ApiStruct.of(
            "address", ApiStruct.of("af", 0).with("un", ApiStruct.of("ip4", ApiBytes.of(four))))
        .with("len", 32);
  }

  private int number(String tag) {
    return rig.model.handle(ApiMessage.of("sw_interface_dump")).stream()
        .filter(details -> details.text("tag").equals(tag))
        .map(details -> details.intValue("sw_if_index"))
        .findFirst()
        .orElseThrow();
  }

  private static String name(String key) {
    return new OwnerNames(OWNER).interfaceName(new LinkKey(key), key);
  }

  private static void put(VppDataPlane plane, Link... links) {
    assertThat(
            plane.apply(
                Arrays.stream(links).<LinkChange>map(link -> new LinkChange.Put(link)).toList()))
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Applied.class));
  }

  private static void remove(VppDataPlane plane, String key) {
    assertThat(plane.apply(List.of(new LinkChange.Remove(new LinkKey(key)))).get(0))
        .isInstanceOf(Applied.class);
  }
}
