package io.vl3.linux;

import static io.vl3.linux.Links.at;
import static io.vl3.linux.Links.end;
import static io.vl3.linux.Links.link;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Attachment;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.Attachment.VxlanTunnel;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkChange.Remove;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.dataplane.LinkProgram;
import io.vl3.failure.Reason;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import io.vl3.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresNetns
class KernelDataPlaneTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The budget for a thousand links: a profile has it, a busy machine cannot keep it. */
  private static final double MOST_SECONDS =
      Double.parseDouble(System.getProperty("vl3.load.links.seconds", "Infinity"));

  private final TestNetns fixtures = new TestNetns("kdp");
  @TempDir private Path records;
  private Netns workload;
  private Netns nse;
  private KernelDataPlane plane;

  @BeforeEach
  void setUp() throws IOException {
    List<Netns> made = fixtures.addAll(List.of("w", "n"));
    workload = made.get(0);
    nse = made.get(1);
    plane = plane();
  }

  @AfterEach
  void tearDown() throws IOException {
    fixtures.close();
  }

  @Test
  void put_numberedDualStack_packetsPassBothWays() throws Exception {
    Link link = numbered("k1");

    assertThat(put(link)).isEqualTo(new Applied(true, 1500));

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(alive(workload, "2001:db8::2")).isTrue();
    assertThat(alive(nse, "10.60.1.1")).isTrue();
    assertThat(KernelState.ip(workload, "route"))
        .contains("10.60.0.0/16 via 10.60.1.2 dev nsm0")
        .contains("10.60.1.0/30 dev nsm0");
    assertThat(KernelState.ip(workload, "-6", "route")).contains("2001:db8::/48 via 2001:db8::2");
    assertThat(KernelState.ip(workload, "link", "show", "nsm0")).contains("vl3:test:k1:client");
    assertThat(plane.observe()).containsExactly(new LinkKey("k1"));
  }

  @Test
  void put_unnumbered_reachesThroughHostRoutes() throws Exception {
    LinkEnd client =
        end(at(workload, "nsm0"), "10.0.0.1/32", "@10.0.0.0", ">10.0.0.0/32", ">10.0.0.0/24");
    LinkEnd endpoint = end(at(nse, "w1"), "10.0.0.0/32", "@10.0.0.1");

    assertThat(put(link("k1", client, endpoint))).isInstanceOf(Applied.class);

    assertThat(alive(workload, "10.0.0.0")).isTrue();
    assertThat(KernelState.ip(workload, "route"))
        .contains("10.0.0.0 dev nsm0 proto 118 scope link")
        .contains("10.0.0.0/24 via 10.0.0.0 dev nsm0 proto 118 onlink");
  }

  @Test
  void put_neitherEndHasToAskForTheOther() throws Exception {
    put(numbered("k1"));

    assertThat(KernelState.ip(workload, "neighbour", "show", "nud", "permanent"))
        .contains("10.60.1.2 dev nsm0 lladdr " + mac(nse, "w1"))
        .contains("2001:db8::2 dev nsm0 lladdr " + mac(nse, "w1"));
    assertThat(KernelState.ip(nse, "neighbour", "show", "nud", "permanent"))
        .contains("10.60.1.1 dev w1 lladdr " + mac(workload, "nsm0"))
        .contains("2001:db8::1 dev w1 lladdr " + mac(workload, "nsm0"));
    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(KernelState.ip(workload, "neighbour", "show")).doesNotContain("REACHABLE");
  }

  /** A device manager changes those that the kernel chose: 1, random. */
  @Test
  void put_hardwareAddressesAreSet() throws Exception {
    put(numbered("k1"));

    assertThat(chosenBy(workload, "nsm0")).isEqualTo("3");
    assertThat(chosenBy(nse, "w1")).isEqualTo("3");
  }

  /** The kernel forgets all neighbours of a device with its last address of a network. */
  @Test
  void put_againWithTheEndsAddressesExchanged_neitherHasToAsk() throws Exception {
    put(numbered("k1"));
    LinkEnd client = end(at(workload, "nsm0"), "10.60.1.2/30", "@10.60.1.1");
    LinkEnd endpoint = end(at(nse, "w1"), "10.60.1.1/30", "@10.60.1.2");

    assertThat(put(link("k1", client, endpoint))).isEqualTo(new Applied(true, 1500));

    assertThat(KernelState.ip(workload, "neighbour", "show", "nud", "permanent"))
        .contains("10.60.1.1 dev nsm0 lladdr " + mac(nse, "w1"));
    assertThat(KernelState.ip(nse, "neighbour", "show", "nud", "permanent"))
        .contains("10.60.1.2 dev w1 lladdr " + mac(workload, "nsm0"));
    assertThat(put(link("k1", client, endpoint))).isEqualTo(new Applied(false, 1500));
  }

  /** As the machine's device manager does with addresses that the kernel chose. */
  @Test
  void put_again_whenAnEndHasAnotherHardwareAddress_packetsPassAgain() throws Exception {
    put(numbered("k1"));
    KernelState.ip(nse, "link", "set", "w1", "address", "02:00:00:00:00:07");
    assertThat(KernelState.ip(workload, "neighbour", "show", "nud", "permanent"))
        .doesNotContain("02:00:00:00:00:07");

    assertThat(put(numbered("k1"))).isEqualTo(new Applied(true, 1500));

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(alive(workload, "2001:db8::2")).isTrue();
  }

  @Test
  void put_again_changesNothing() throws Exception {
    put(numbered("k1"));
    String before = KernelState.all(workload) + KernelState.all(nse);

    assertThat(put(numbered("k1"))).isEqualTo(new Applied(false, 1500));

    assertThat(KernelState.all(workload) + KernelState.all(nse)).isEqualTo(before);
  }

  @Test
  void put_withoutTheMtuItWasAskedForBefore_risesToItsOwn() throws Exception {
    Link link = numbered("k1");
    put(new Link(link.key(), link.title(), link.client(), link.endpoint(), 1400));

    assertThat(put(link)).isEqualTo(new Applied(true, 1500));

    assertThat(KernelState.ip(workload, "link", "show", "nsm0")).contains("mtu 1500");
    assertThat(KernelState.ip(nse, "link", "show", "w1")).contains("mtu 1500");
  }

  @Test
  void put_changed_keepsTheInterfacesAndAddsBeforeItDeletes() throws Exception {
    put(numbered("k1"));
    String index = index(workload, "nsm0");
    LinkEnd client =
        end(at(workload, "nsm0"), "10.60.1.5/30", "@10.60.1.6", ">10.61.0.0/16", ">10.60.0.0/16");
    LinkEnd endpoint = end(at(nse, "w1"), "10.60.1.6/30", "@10.60.1.5");
    List<String> steps = new ArrayList<>();
    KernelDataPlane watched = plane(steps::add);

    assertThat(apply(watched, new Put(new Link(new LinkKey("k1"), "", client, endpoint, 1400))))
        .containsExactly(new Applied(true, 1400));

    assertThat(index(workload, "nsm0")).isEqualTo(index);
    assertThat(alive(workload, "10.60.1.6")).isTrue();
    assertThat(KernelState.ip(workload, "route"))
        .contains("10.61.0.0/16 via 10.60.1.6")
        .contains("10.60.0.0/16 via 10.60.1.6")
        .doesNotContain("10.60.1.2");
    assertThat(KernelState.ip(workload, "-o", "address")).doesNotContain("2001:db8");
    assertThat(KernelState.ip(workload, "neighbour", "show", "nud", "permanent"))
        .contains("10.60.1.6")
        .doesNotContain("10.60.1.2", "2001:db8");
    assertThat(KernelState.ip(nse, "link", "show", "w1")).contains("mtu 1400");
    assertThat(steps.indexOf("add address 10.60.1.5/30"))
        .isLessThan(steps.indexOf("remove address 10.60.1.1/30"));
  }

  @Test
  void put_addressChangesWithinItsNetwork_newOneSurvives() throws Exception {
    put(numbered("k1"));
    LinkEnd client = end(at(workload, "nsm0"), "10.60.1.2/30", "@10.60.1.1", ">10.60.0.0/16");
    LinkEnd endpoint = end(at(nse, "w1"), "10.60.1.1/30", "@10.60.1.2");

    assertThat(put(link("k1", client, endpoint))).isEqualTo(new Applied(true, 1500));

    assertThat(alive(workload, "10.60.1.1")).isTrue();
    assertThat(KernelState.ip(workload, "route")).contains("10.60.0.0/16 via 10.60.1.1");
  }

  @Test
  void put_interfaceWasDeletedByHand_isMadeAgain() throws Exception {
    put(numbered("k1"));
    KernelState.ip(workload, "link", "del", "nsm0");

    assertThat(put(numbered("k1"))).isEqualTo(new Applied(true, 1500));

    assertThat(alive(workload, "10.60.1.2")).isTrue();
  }

  @Test
  void put_againThroughTheProgram_mendsWhatWasTakenDownByHand() throws Exception {
    LinkProgram program = new LinkProgram(plane);
    Deadline never = Deadline.after(Duration.ofMinutes(1), Instant::now);
    program.put(numbered("k1"), never);
    KernelState.ip(workload, "link", "set", "nsm0", "down");

    program.put(numbered("k1"), never);

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(KernelState.ip(workload, "route")).contains("10.60.0.0/16 via 10.60.1.2");
  }

  @Test
  void put_again_mendsWhateverWasTakenAwayByHand_atEitherEnd() throws Exception {
    put(numbered("k1"));
    String before = KernelState.all(workload) + KernelState.all(nse);
    List<Damage> damages = new ArrayList<>();
    damages.addAll(damages(workload, "nsm0"));
    damages.addAll(damages(nse, "w1"));
    assertThat(damages).hasSizeGreaterThan(13);
    for (Damage damage : damages) {
      KernelState.ip(damage.where(), damage.words().split(" ", -1));
      assertThat(KernelState.all(workload) + KernelState.all(nse))
          .as("%s", damage)
          .isNotEqualTo(before);

      assertThat(put(numbered("k1"))).as("%s", damage).isEqualTo(new Applied(true, 1500));

      assertThat(KernelState.all(workload) + KernelState.all(nse))
          .as("%s", damage)
          .isEqualTo(before);
    }
  }

  private record Damage(Netns where, String words) {}

  /**
   * Everything that can be taken from an interface: each address, each route, its being up, its
   * MTU.
   */
  private static List<Damage> damages(Netns netns, String device) throws IOException {
    List<Damage> damages = new ArrayList<>();
    for (String family : List.of("-4", "-6")) {
      for (String line : lines(netns, family, "-o", "address", "show", "dev", device)) {
        String address = line.split(" +", -1)[3];
        if (!address.startsWith("fe80:")) { // Not shown by the state that is compared.
          damages.add(new Damage(netns, "address del " + address + " dev " + device));
        }
      }
      for (String line : lines(netns, family, "route", "show", "dev", device)) {
        if (!line.startsWith("fe80:")) {
          damages.add(
              new Damage(
                  netns, family + " route del " + line.split(" ", -1)[0] + " dev " + device));
        }
      }
    }
    damages.add(new Damage(netns, "link set " + device + " down"));
    damages.add(new Damage(netns, "link set " + device + " mtu 1300"));
    return damages;
  }

  private static List<String> lines(Netns netns, String... words) throws IOException {
    return KernelState.ip(netns, words).lines().filter(line -> !line.isBlank()).toList();
  }

  @Test
  void tunnelMtu_isThatOfTheDeviceWhichHasTheAddress_asItIsNow() throws Exception {
    KernelState.ip(
        "link",
        "add",
        "u1",
        "mtu",
        "1400",
        "netns",
        name(workload),
        "type",
        "veth",
        "peer",
        "name",
        "u2",
        "netns",
        name(nse));
    KernelState.ip(workload, "address", "add", "172.20.0.1/24", "dev", "u1");
    KernelState.ip(workload, "address", "add", "2001:db8:f::1/64", "dev", "u1");
    KernelState.ip(workload, "address", "add", "172.20.9.9/32", "dev", "lo");
    KernelDataPlane node =
        new KernelDataPlane("node", records, workload, Netns::locate, step -> {});
    for (int mtu : List.of(1400, 9000, 1500)) {
      KernelState.ip(workload, "link", "set", "u1", "mtu", Integer.toString(mtu));
      assertThat(node.tunnelMtuBytes(IpAddress.parse("172.20.0.1"))).hasValue(mtu - 50);
      assertThat(node.tunnelMtuBytes(IpAddress.parse("2001:db8:f::1"))).hasValue(mtu - 70);
    }
    assertThat(node.tunnelMtuBytes(IpAddress.parse("172.20.9.9"))).isEmpty();
    assertThat(node.tunnelMtuBytes(IpAddress.parse("172.20.0.7"))).isEmpty();
  }

  private static String name(Netns netns) {
    return String.valueOf(netns.path().getFileName());
  }

  @Test
  void put_namespaceByInode_isTheSameNamespace() throws Exception {
    put(numbered("k1"));
    Link byInode =
        link(
            "k1",
            new LinkEnd(
                new KernelInterface(workload.inodeUrl(), "nsm0"),
                numbered("k1").client().addresses(),
                numbered("k1").client().routes(),
                numbered("k1").client().neighbours()),
            numbered("k1").endpoint());

    assertThat(put(byInode)).isEqualTo(new Applied(false, 1500));
  }

  @Test
  void put_fifoPassedOffAsNamespace_failsAtOnce() throws Exception {
    Path fifo = records.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Link link = link("k1", end(new KernelInterface("file://" + fifo, "nsm0")), end(at(nse, "w1")));

    assertThat(put(link))
        .isEqualTo(
            new Failed(
                Reason.NOT_FOUND,
                "network namespace: file://%s (expected: the file of a network namespace)"
                    .formatted(fifo)));
  }

  @Test
  void put_foreignInterfaceOfThatName_isConflictAndStays() throws Exception {
    KernelState.ip(workload, "link", "add", "nsm0", "type", "bridge");
    String before = KernelState.all(workload) + KernelState.all(nse);

    assertThat(put(numbered("k1")))
        .isEqualTo(
            new Failed(
                Reason.CONFLICT,
                "interface: nsm0 in %s (expected: a free name) [an interface that is not ours]"
                    .formatted(workload.url())));

    assertThat(KernelState.all(workload) + KernelState.all(nse)).isEqualTo(before);
    assertThat(files()).isEmpty();
  }

  @Test
  void put_nameHeldByAnOpenConnection_isConflict_untilThatOneIsRemoved() throws Exception {
    put(numbered("k1"));
    assertThat(put(numbered("k2")))
        .isInstanceOfSatisfying(
            Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains("held by connection vl3:test:k1:client, which is still open"));
    assertThat(alive(workload, "10.60.1.2")).isTrue();

    assertThat(apply(plane, new Put(numbered("k2")), new Remove(new LinkKey("k1"))))
        .allMatch(Applied.class::isInstance);

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(plane.observe()).containsExactly(new LinkKey("k2"));
  }

  @Test
  void put_afterDeathOfTheProcess_adoptsTheLinkUntouched() throws Exception {
    put(numbered("k1"));
    String before = KernelState.all(workload) + KernelState.all(nse);

    KernelDataPlane successor = plane();

    assertThat(successor.observe()).containsExactly(new LinkKey("k1"));
    assertThat(apply(successor, new Put(numbered("k1")))).containsExactly(new Applied(false, 1500));
    assertThat(KernelState.all(workload) + KernelState.all(nse)).isEqualTo(before);
  }

  @Test
  void put_leftoverOfADeadProcessHoldsTheName_replacesIt() throws Exception {
    put(numbered("k1"));

    assertThat(apply(plane(), new Put(numbered("k2")))).containsExactly(new Applied(true, 1500));

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(plane().observe()).containsExactly(new LinkKey("k2"));
  }

  @Test
  void put_otherOwnersInterface_isForeign() throws Exception {
    put(numbered("k1"));
    KernelDataPlane other = new KernelDataPlane("other", records, Netns.ofProcess(), Netns::locate);

    assertThat(other.observe()).isEmpty();
    assertThat(apply(other, new Put(numbered("k1"))).get(0)).isInstanceOf(Failed.class);
    assertThat(alive(workload, "10.60.1.2")).isTrue();
  }

  @Test
  void put_endpointMoves_linkIsMadeAnewThere() throws Exception {
    put(numbered("k1"));
    Netns second = fixtures.add("n2");
    String before = KernelState.all(nse);
    LinkEnd endpoint = end(at(second, "w1"), "10.60.1.2/30", "@10.60.1.1");

    assertThat(put(link("k1", numbered("k1").client(), endpoint)))
        .isEqualTo(new Applied(true, 1500));

    assertThat(before).contains("w1");
    assertThat(KernelState.all(nse)).doesNotContain("w1");
    assertThat(alive(workload, "10.60.1.2")).isTrue();
  }

  @Test
  void put_failsAtAnyStep_everythingIsAsBefore() throws Exception {
    String before = KernelState.all(workload) + KernelState.all(nse);
    int steps = failAtEachStep(numbered("k1"), before);
    assertThat(steps).isGreaterThan(8);
  }

  @Test
  void put_changeFailsAtAnyStep_theOldLinkStands() throws Exception {
    put(numbered("k1"));
    String before = KernelState.all(workload) + KernelState.all(nse);
    LinkEnd client = end(at(workload, "nsm0"), "10.60.1.5/30", "@10.60.1.6", ">10.60.0.0/16");
    LinkEnd endpoint = end(at(nse, "w1"), "10.60.1.6/30", "@10.60.1.5");
    int steps = failAtEachStep(link("k1", client, endpoint), before);
    assertThat(steps).isGreaterThan(6);
    assertThat(alive(workload, "10.60.1.2")).isTrue();
  }

  @Test
  void put_moveFails_theOldLinkComesBack() throws Exception {
    boolean[] failing = {false};
    KernelDataPlane fragile =
        plane(
            step -> {
              if (failing[0] && step.startsWith("add route")) {
                throw new IOException("injected");
              }
            });
    apply(fragile, new Put(numbered("k1")));
    Netns second = fixtures.add("n2");
    failing[0] = true;
    LinkEnd endpoint = end(at(second, "w1"), "10.60.1.2/30", "@10.60.1.1");

    assertThat(apply(fragile, new Put(link("k1", numbered("k1").client(), endpoint))).get(0))
        .isEqualTo(new Failed(Reason.INTERNAL, "injected"));

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(KernelState.all(second)).doesNotContain("w1");
    assertThat(fragile.observe()).containsExactly(new LinkKey("k1"));
  }

  @Test
  void put_badInput_saysWhichValue() throws Exception {
    LinkEnd client = end(at(workload, "an-interface-name-too-long"));
    assertThat(put(link("k1", client, end(at(nse, "w1")))))
        .isEqualTo(
            new Failed(
                Reason.INVALID,
                "interface name: an-interface-name-too-long"
                    + " (expected: 1..15 characters, none of them / : % or blank)"));
    Attachment gone = at(Netns.named("vl3-no-such"), "nsm0");
    assertThat(put(link("k1", end(gone), end(at(nse, "w1")))))
        .isEqualTo(
            new Failed(
                Reason.NOT_FOUND,
                "network namespace: file:///run/netns/vl3-no-such (expected: one that exists)"));
    assertThat(files()).isEmpty();
  }

  @Test
  void apply_oneFails_theOthersAreMade() throws Exception {
    KernelState.ip(workload, "link", "add", "bad", "type", "bridge");
    Link bad = link("bad", end(at(workload, "bad")), end(at(nse, "b")));

    List<LinkOutcome> outcomes = apply(plane, new Put(bad), new Put(numbered("k1")));

    assertThat(outcomes.get(0)).isInstanceOf(Failed.class);
    assertThat(outcomes.get(1)).isEqualTo(new Applied(true, 1500));
  }

  @Test
  void remove_leavesExactlyTheStateBefore() throws Exception {
    String before =
        KernelState.all(workload)
            + KernelState.all(nse)
            + KernelState.ip("-o", "link")
            + KernelState.ip("netns");
    put(numbered("k1"));

    assertThat(apply(plane, new Remove(new LinkKey("k1")))).containsExactly(new Applied(true, 0));
    assertThat(apply(plane, new Remove(new LinkKey("k1")))).containsExactly(new Applied(false, 0));

    assertThat(
            KernelState.all(workload)
                + KernelState.all(nse)
                + KernelState.ip("-o", "link")
                + KernelState.ip("netns"))
        .isEqualTo(before);
    assertThat(files()).isEmpty();
    assertThat(plane.observe()).isEmpty();
  }

  @Test
  void remove_interfaceWasReplacedBySomeoneElses_leavesThatAlone() throws Exception {
    put(numbered("k1"));
    KernelState.ip(workload, "link", "del", "nsm0");
    KernelState.ip(workload, "link", "add", "nsm0", "type", "bridge");

    apply(plane, new Remove(new LinkKey("k1")));

    assertThat(KernelState.ip(workload, "link", "show", "nsm0")).contains("nsm0");
    assertThat(files()).isEmpty();
  }

  @Test
  void observe_namespaceVanished_recordIsCleanedUp() throws Exception {
    Netns shortLived = fixtures.add("x");
    put(link("k1", end(at(shortLived, "nsm0"), "10.0.0.1/32"), end(at(shortLived, "w1"))));
    Netns.delete(String.valueOf(shortLived.path().getFileName()));

    assertThat(plane().observe()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void observe_createdButNotTagged_isFoundAndRemoved() throws Exception {
    KernelDataPlane dying = plane(KernelDataPlaneTest::dieBeforeTagging);
    try {
      apply(dying, new Put(numbered("k1")));
    } catch (Error killed) {
      assertThat(KernelState.ip(nse, "-o", "link")).contains("w1");
    }

    KernelDataPlane successor = plane();
    assertThat(successor.observe()).containsExactly(new LinkKey("k1"));
    apply(successor, new Remove(new LinkKey("k1")));
    assertThat(KernelState.ip(nse, "-o", "link")).doesNotContain("w1");
    assertThat(files()).isEmpty();
  }

  @Test
  void put_vxlan_joinsTwoNodes() throws Exception {
    List<Netns> nodes = fixtures.addAll(List.of("a", "b"));
    put(
        link(
            "underlay",
            end(at(nodes.get(0), "eth0"), "192.0.2.1/30"),
            end(at(nodes.get(1), "eth0"), "192.0.2.2/30")));
    IpAddress a = IpAddress.parse("192.0.2.1");
    IpAddress b = IpAddress.parse("192.0.2.2");
    KernelDataPlane planeA = new KernelDataPlane("a", records, nodes.get(0), Netns::locate);
    KernelDataPlane planeB = new KernelDataPlane("b", records, nodes.get(1), Netns::locate);
    Link onA =
        link(
            "k1",
            end(at(workload, "nsm0"), "10.60.1.1/30", "2001:db8::1/126", ">10.60.0.0/16"),
            LinkEnd.bare(new VxlanTunnel(a, b, 4789, 77)));
    Link onB =
        link(
            "k1",
            LinkEnd.bare(new VxlanTunnel(b, a, 4789, 77)),
            end(at(nse, "w1"), "10.60.1.2/30", "2001:db8::2/126"));

    assertThat(apply(planeA, new Put(onA))).containsExactly(new Applied(true, 1450));
    assertThat(apply(planeB, new Put(onB))).containsExactly(new Applied(true, 1450));

    assertThat(alive(workload, "10.60.1.2")).isTrue();
    assertThat(alive(nse, "2001:db8::1")).isTrue();
    assertThat(KernelState.ip(nodes.get(0), "-o", "link")).doesNotContain("vxlan");
    assertThat(apply(planeA, new Put(onA))).containsExactly(new Applied(false, 1450));
    Link sameVni =
        link("k2", end(at(workload, "nsm1")), LinkEnd.bare(new VxlanTunnel(a, b, 4789, 77)));
    assertThat(apply(planeA, new Put(sameVni)).get(0))
        .isInstanceOfSatisfying(
            Failed.class, f -> assertThat(f.message()).startsWith("vni: 77 (expected: one that"));

    apply(planeA, new Remove(onA.key()));
    apply(planeB, new Remove(onB.key()));
    assertThat(KernelState.ip(workload, "-o", "link")).doesNotContain("nsm0");
  }

  @Test
  void apply_manyLinks_inOneBatch() throws Exception {
    int count = Integer.getInteger("vl3.links", 1000);
    List<Netns> workloads =
        fixtures.addAll(Stream.iterate(0, i -> i + 1).limit(count).map(i -> "m" + i).toList());
    String before = KernelState.all(nse) + KernelState.all(workloads.get(count - 1));
    List<LinkChange> puts = new ArrayList<>();
    List<LinkChange> removes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      IpAddress first = IpAddress.parse("10.60.0.1").plus(4L * i);
      String own = first + "/30";
      String other = first.plus(1) + "/30";
      LinkEnd client = end(at(workloads.get(i), "nsm0"), own, "@" + first.plus(1), ">10.60.0.0/16");
      puts.add(new Put(link("c" + i, client, end(at(nse, "w" + i), other, "@" + first))));
      removes.add(new Remove(new LinkKey("c" + i)));
    }

    long baseline = ipBatch(workloads);
    long startCpu = cpuMillis();
    long start = System.nanoTime();
    assertThat(plane.apply(puts)).allMatch(new Applied(true, 1500)::equals);
    long made = System.nanoTime();
    long cpu = cpuMillis() - startCpu;
    assertThat(plane.apply(puts)).allMatch(new Applied(false, 1500)::equals);
    long again = System.nanoTime();
    assertThat(plane().observe()).hasSize(count);
    long observed = System.nanoTime();
    assertThat(alive(workloads.get(count - 1), last(count))).isTrue();
    // All of them: the kernel finds no more than 1,024 neighbours by asking, of all namespaces.
    assertThat(answering(nse, count)).isEqualTo(count);
    long removing = System.nanoTime();
    assertThat(plane.apply(removes)).allMatch(new Applied(true, 0)::equals);
    long removed = System.nanoTime();
    System.out.printf(
        "kernel data plane: %d links made in %d ms (%d ms of processor time), put again in %d ms, observed in %d ms,"
            + " removed in %d ms; ip -batch alone makes and deletes as many bare veths in %d ms%n",
        count,
        millis(start, made),
        cpu,
        millis(made, again),
        millis(again, observed),
        millis(removing, removed),
        baseline);

    assertThat(cpu / 1e3)
        .as("the budget is 5 s of wall clock on idle processors")
        .isLessThan(MOST_SECONDS);
    assertThat(KernelState.all(nse) + KernelState.all(workloads.get(count - 1))).isEqualTo(before);
    assertThat(files()).isEmpty();
  }

  /** Milliseconds that one {@code ip} takes for as many veths, not configured. */
  private long ipBatch(List<Netns> workloads) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < workloads.size(); i++) {
      lines.add(
          "link add b0 group 99 netns %s type veth peer name b%d group 99 netns %s"
              .formatted(workloads.get(i).path().getFileName(), i, nse.path().getFileName()));
    }
    long start = System.nanoTime();
    IpCommand.batch(lines);
    KernelState.ip(nse, "link", "del", "group", "99");
    return millis(start, System.nanoTime());
  }

  private static String last(int count) {
    return IpAddress.parse("10.60.0.2").plus(4L * (count - 1)).toString();
  }

  /** What this process took of the processors, unlike the wall clock whoever else is busy. */
  private static long cpuMillis() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElseThrow();
  }

  private static long millis(long from, long to) {
    return Duration.ofNanos(to - from).toMillis();
  }

  private static void dieBeforeTagging(String step) {
    if (step.startsWith("tag")) {
      throw new Error("killed");
    }
  }

  /** Puts the link with a fault at each step until none is hit; the number of steps. */
  private int failAtEachStep(Link link, String before) throws Exception {
    for (int k = 0; ; k++) {
      int[] left = {k};
      KernelDataPlane faulty =
          plane(
              step -> {
                if (left[0]-- == 0) {
                  throw new IOException("injected at " + step);
                }
              });
      LinkOutcome outcome = apply(faulty, new Put(link)).get(0);
      if (left[0] >= 0) {
        assertThat(outcome).isInstanceOf(Applied.class);
        apply(plane(), new Put(numbered("k1")));
        return k;
      }
      assertThat(outcome).isInstanceOf(Failed.class);
      assertThat(KernelState.all(workload) + KernelState.all(nse))
          .as(((Failed) outcome).message())
          .isEqualTo(before);
    }
  }

  /** The link of the original's README, in both families. */
  private Link numbered(String key) {
    return link(
        key,
        end(
            at(workload, "nsm0"),
            "10.60.1.1/30",
            "2001:db8::1/126",
            "@10.60.1.2",
            "@2001:db8::2",
            ">10.60.0.0/16",
            ">2001:db8::/48"),
        end(at(nse, "w1"), "10.60.1.2/30", "2001:db8::2/126", "@10.60.1.1", "@2001:db8::1"));
  }

  private KernelDataPlane plane() throws IOException {
    return plane(step -> {});
  }

  private KernelDataPlane plane(Transaction.Gate gate) throws IOException {
    return new KernelDataPlane("test", records, Netns.ofProcess(), Netns::locate, gate);
  }

  private LinkOutcome put(Link link) {
    return apply(plane, new Put(link)).get(0);
  }

  private static List<LinkOutcome> apply(KernelDataPlane plane, LinkChange... changes) {
    return plane.apply(List.of(changes));
  }

  private static boolean alive(Netns from, String target) throws IOException {
    return new IcmpProbe().alive(from.url(), IpAddress.parse(target), PATIENCE);
  }

  /** How many of the clients answer. */
  private static long answering(Netns from, int count) throws IOException {
    IcmpProbe probe = new IcmpProbe();
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      IpAddress client = IpAddress.parse("10.60.0.1").plus(4L * i);
      answers.add(probe.begin(from, client, Duration.ofSeconds(20), Runnable::run));
    }
    return answers.stream().filter(CompletableFuture::join).count();
  }

  /** Who chose an interface's hardware address: {@code addr_assign_type} of the kernel. */
  private static String chosenBy(Netns netns, String name) throws Exception {
    String file = "/sys/class/net/%s/addr_assign_type".formatted(name);
    Process process =
        new ProcessBuilder(
                "ip", "netns", "exec", String.valueOf(netns.path().getFileName()), "cat", file)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static String mac(Netns netns, String name) throws IOException {
    return KernelState.ip(netns, "-o", "link", "show", name)
        .replaceAll(".*link/ether ([0-9a-f:]+) .*\\s*", "$1");
  }

  private static String index(Netns netns, String name) throws IOException {
    return KernelState.ip(netns, "-o", "link", "show", name).split(":", 2)[0];
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(records)) {
      return files.toList();
    }
  }
}
