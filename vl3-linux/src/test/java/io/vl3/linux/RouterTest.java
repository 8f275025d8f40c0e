package io.vl3.linux;

import static io.vl3.linux.Links.at;
import static io.vl3.linux.Links.end;
import static io.vl3.linux.Links.link;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.health.EventKind;
import io.vl3.health.HealthBoard;
import io.vl3.linux.Router.Observation;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresNetns
class RouterTest {

  private static final IpPrefix OWN = IpPrefix.parse("10.60.1.0/24");
  private static final IpPrefix OWN6 = IpPrefix.parse("2001:db8:1::/64");

  private final TestNetns fixtures = new TestNetns("rt");
  @TempDir private Path records;
  private Netns nse;

  @BeforeEach
  void setUp() throws IOException {
    nse = fixtures.add("n");
  }

  @AfterEach
  void tearDown() throws IOException {
    fixtures.close();
  }

  @Test
  void router_forwardsBetweenTwoWorkloads_inBothFamilies() throws Exception {
    List<Netns> workloads = fixtures.addAll(List.of("a", "b"));
    try (Router router = Router.prepare(nse);
        KernelDataPlane plane =
            new KernelDataPlane("rt", records, Netns.ofProcess(), Netns::locate)) {
      router.own(List.of(OWN, OWN6));
      assertThat(plane.apply(List.of(put(workloads.get(0), 1), put(workloads.get(1), 5))))
          .allMatch(Applied.class::isInstance);

      assertThat(alive(workloads.get(0), "10.60.1.5")).isTrue();
      assertThat(alive(workloads.get(1), "2001:db8:1::1")).isTrue();
      assertThat(router.observe())
          .isEqualTo(new Observation(true, List.of("w1", "w5"), List.of(OWN, OWN6)));
      assertThat(KernelState.ip(nse, "route")).contains("unreachable 10.60.1.0/24");
    }
  }

  @Test
  void close_leavesTheNamespaceAsItWas() throws Exception {
    KernelState.ip(nse, "link", "set", "lo", "up");
    String before = KernelState.all(nse) + forwarding();
    Router router = Router.prepare(nse);
    router.own(List.of(OWN, OWN6));
    assertThat(forwarding()).isEqualTo("1");

    router.close();
    router.close();

    assertThat(KernelState.all(nse) + forwarding()).isEqualTo(before);
  }

  @Test
  void prepare_afterDeathOfTheProcess_adoptsAndDropsOldPrefixes() throws Exception {
    Router.prepare(nse).own(List.of(OWN, OWN6));

    try (Router successor = Router.prepare(nse)) {
      successor.own(List.of(OWN));
      assertThat(successor.observe().refused()).containsExactly(OWN);
      assertThat(successor.observe().forwarding()).isTrue();
    }
    assertThat(KernelState.ip(nse, "route")).doesNotContain("unreachable");
  }

  @Test
  void whatSomebodySwitchesOff_orTakesAway_isMendedByTheNextLook() throws Exception {
    Netns workload = fixtures.add("a");
    try (Router router = Router.prepare(nse);
        KernelDataPlane plane =
            new KernelDataPlane("rt", records, Netns.ofProcess(), Netns::locate)) {
      router.own(List.of(OWN, OWN6));
      assertThat(plane.apply(List.of(put(workload, 1)))).allMatch(Applied.class::isInstance);
      assertThat(router.mend()).isEmpty();
      String before = KernelState.all(nse) + settings();
      for (String setting :
          List.of(
              "ipv4/ip_forward=0",
              "ipv4/conf/w1/forwarding=0",
              "ipv4/conf/all/rp_filter=1",
              "ipv6/conf/all/forwarding=0",
              "ipv6/conf/w1/forwarding=0")) {
        write(setting);
        assertThat(router.mend())
            .as(setting)
            .anySatisfy(line -> assertThat(line).contains(setting.replace("=", ": ")));
        assertThat(KernelState.all(nse) + settings()).as(setting).isEqualTo(before);
        assertThat(router.mend()).as(setting).isEmpty();
      }
      KernelState.ip(nse, "route", "del", "unreachable", "10.60.1.0/24");
      KernelState.ip(nse, "-6", "route", "del", "unreachable", "2001:db8:1::/64");
      KernelState.ip(nse, "link", "set", "lo", "down");
      assertThat(router.mend())
          .contains(
              "lo: down (expected: up)", "route unreachable 10.60.1.0/24: none (expected: there)");
      assertThat(KernelState.all(nse) + settings()).isEqualTo(before);
    }
  }

  @Test
  void close_afterMending_givesBackWhatWasThereAtFirst() throws Exception {
    Router router = Router.prepare(nse);
    write("ipv4/ip_forward=0");
    write("ipv4/conf/all/rp_filter=2");
    router.mend();
    router.close();
    assertThat(forwarding()).isEqualTo("0");
    assertThat(nse.call(() -> read("ipv4/conf/all/rp_filter"))).isEqualTo("0");
  }

  @Test
  void aWatch_mendsAtItsInterval_andNotAfterItsEnd() throws Exception {
    FakeTimer timer = new FakeTimer();
    try (Router router = Router.prepare(nse)) {
      HealthBoard board = new HealthBoard(timer);
      RouterWatch watch =
          RouterWatch.start(
              router,
              "nse",
              Duration.ofSeconds(5),
              timer,
              Runnable::run,
              board.reporter().of("nse"));
      for (int i = 0; i < 2; i++) {
        write("ipv4/ip_forward=0");
        timer.advance(Duration.ofSeconds(5));
        assertThat(forwarding()).isEqualTo("1");
      }
      assertThat(board.events(0))
          .hasSize(2)
          .allMatch(event -> event.kind() == EventKind.MENDED)
          .allMatch(event -> event.text().contains("ip_forward: 0 (expected: 1)"));
      watch.close();
      write("ipv4/ip_forward=0");
      timer.advance(Duration.ofMinutes(1));
      assertThat(forwarding()).isEqualTo("0");
    }
  }

  @Test
  void close_namespaceIsGone_isNoError() throws Exception {
    Router router = Router.prepare(nse);
    fixtures.close();
    router.close();
    assertThat(nse.exists()).isFalse();
  }

  private Put put(Netns workload, int host) {
    String own = "10.60.1." + host;
    String own6 = "2001:db8:1::" + host;
    String hop = "10.60.1." + (host + 1);
    String hop6 = "2001:db8:1::" + (host + 1);
    return new Put(
        link(
            "k" + host,
            end(
                at(workload, "nsm0"),
                own + "/30",
                own6 + "/126",
                "@" + hop,
                "@" + hop6,
                ">10.60.0.0/16",
                ">2001:db8::/32"),
            end(at(nse, "w" + host), hop + "/30", hop6 + "/126", "@" + own, "@" + own6)));
  }

  private String forwarding() throws Exception {
    return nse.call(() -> Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip());
  }

  private void write(String setting) throws Exception {
    String[] parts = setting.split("=", -1);
    nse.call(() -> Files.writeString(Path.of("/proc/sys/net", parts[0]), parts[1]));
  }

  private String settings() throws Exception {
    return nse.call(
        () ->
            String.join(
                " ",
                read("ipv4/ip_forward"),
                read("ipv4/conf/w1/forwarding"),
                read("ipv4/conf/all/rp_filter"),
                read("ipv6/conf/all/forwarding"),
                read("ipv6/conf/w1/forwarding")));
  }

  private static String read(String setting) throws IOException {
    return Files.readString(Path.of("/proc/sys/net", setting)).strip();
  }

  private static boolean alive(Netns from, String target) throws IOException {
    return new IcmpProbe().alive(from.url(), IpAddress.parse(target), Duration.ofSeconds(60));
  }
}
