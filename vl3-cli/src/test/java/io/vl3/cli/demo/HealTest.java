package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, real packets: what breaks, and what must go on meanwhile. */
@RequiresNetns
class HealTest {

  private static final Duration HEALED = Duration.ofSeconds(60);

  private static final int RESTARTS = Integer.getInteger("vl3.client.restarts", 2);

  /** Pings lost in a row: some are, while a link is made anew in place. */
  private static final int UNNOTICED = 5;

  @TempDir static Path dir;
  private static List<String> namespacesBefore;
  private static LiveNetwork live;

  private final Domain first = live.plan().domains().get(0);
  private final Nse one = first.nses().get(0);
  private final Nse two = first.nses().get(1);
  private final Nse far = live.plan().domains().get(1).nses().get(0);

  @BeforeAll
  static void start() throws Exception {
    namespacesBefore = Netns.list("");
    live = LiveNetwork.start(new DemoSize(2, 2, 3), dir.resolve("demo"));
  }

  @AfterAll
  static void stop() throws Exception {
    live.close();
    assertThat(Netns.list("")).isEqualTo(namespacesBefore);
    assertThat(dir).isEmptyDirectory();
  }

  @BeforeEach
  void calm() throws InterruptedException {
    assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
    live.pings().forgetLosses();
  }

  @Test
  void nseKilledAndStartedAgain_packetsNeverStopAndAddressesStay() throws Exception {
    Map<String, String> before = live.addresses();
    String victim = notManager(first);
    int killed = live.pings().rounds();
    live.kill(victim);
    assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
    live.startAndAwait(victim);
    int away = live.pings().rounds() - killed;
    awaitRoutes(one, two);
    assertNothingNoticed(before, away);
  }

  @Test
  void managersOwnerKilled_anotherTakesOverAndPacketsNeverStop() throws Exception {
    Map<String, String> before = live.addresses();
    String owner = live.managerOwner(first);
    int killed = live.pings().rounds();
    live.kill(owner);
    awaitOtherOwner(owner);
    live.startAndAwait(owner);
    int away = live.pings().rounds() - killed;
    awaitRoutes(one, two);
    assertNothingNoticed(before, away);
  }

  @Test
  void clientKilledAndStartedAgain_packetsNeverStopAndAddressesStay() throws Exception {
    Map<String, String> before = live.addresses();
    int killed = live.pings().rounds();
    live.kill(LiveNetwork.clients(first));
    live.startAndAwait(LiveNetwork.clients(first));
    int away = live.pings().rounds() - killed;
    assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
    assertNothingNoticed(before, away);
  }

  /**
   * Asked to end, and killed, in turn. {@code -Dvl3.client.restarts=7 -Dvl3.busy=4} makes it many,
   * on a busy machine.
   */
  @Test
  @SuppressWarnings("try") // the busy loops are only held
  void clientRestartedAgainAndAgain_itsWorkloadsKeepTheirAddresses() throws Exception {
    Map<String, String> before = live.addresses();
    String client = LiveNetwork.clients(first);
    try (BusyLoops busy = new BusyLoops(Integer.getInteger("vl3.busy", 0))) {
      for (int restart = 0; restart < RESTARTS; restart++) {
        if (restart % 2 == 0) {
          live.end(client);
        } else {
          live.kill(client);
        }
        live.startAndAwait(client);
        assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
        assertThat(live.addresses()).as("after restart %d", restart + 1).isEqualTo(before);
      }
    }
  }

  /** A probe that ends at the endpoint's own address sees none of this. */
  @Test
  void whatIsTakenAwayByHand_isMendedByTheNextLook() throws Exception {
    Map<String, String> before = live.addresses();
    live.spoil(live.hosts().get(0).netns(), "route del " + DemoPlan.POOL);
    live.spoil(one.netns(), "route del " + two.prefix());
    Netns.named(two.netns())
        .call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "0"));
    assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
    assertThat(live.addresses()).isEqualTo(before);
  }

  @Test
  void managersOwnerAndClientKilledTogether_workloadsComeBackToTheirAddresses() throws Exception {
    Map<String, String> before = live.addresses();
    String owner = live.managerOwner(first);
    live.kill(owner);
    live.kill(LiveNetwork.clients(first));
    live.startAndAwait(List.of(LiveNetwork.clients(first), owner));
    assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
    assertThat(live.addresses()).isEqualTo(before);
  }

  @Test
  void peerLinkTakenDown_exactlyThePairsThatCrossItFailUntilTheMeshHealsIt() throws Exception {
    cut(one, far, "link set dev %s down");
  }

  @Test
  void peerLinkDeleted_exactlyThePairsThatCrossItFailUntilTheMeshHealsIt() throws Exception {
    cut(one, two, "link del dev %s");
  }

  @Test
  void workloadsInterfaceDeleted_isMadeAgainWithTheSameAddress() throws Exception {
    Map<String, String> before = live.addresses();
    live.deleteWorkloadLink(live.hosts().get(0));
    assertThat(live.pings().awaitAll(System.nanoTime(), HEALED)).as(live.logs()).isEmpty();
    assertThat(live.addresses()).isEqualTo(before);
    assertThat(live.pings().lostMoreThan(UNNOTICED))
        .allMatch(pair -> pair.contains(live.hosts().get(0).name()));
  }

  /** A refresh that happens to come at once may mend a cut before it is noticed: then once more. */
  private void cut(Nse at, Nse to, String command) throws Exception {
    Set<String> crossing = live.pairsBetween(at, to);
    assertThat(crossing).isNotEmpty();
    Set<String> failed = Set.of();
    for (int i = 0; i < 3 && failed.isEmpty(); i++) {
      calm();
      live.breakPeerLink(at, to, command);
      long cut = System.nanoTime();
      assertThat(live.pings().awaitAll(cut, HEALED)).as(live.logs()).isEmpty();
      failed = live.pings().lostMoreThan(UNNOTICED);
    }
    assertThat(crossing).containsAll(failed);
    assertThat(live.pings().lostMoreThan(UNNOTICED / 2)).containsAll(crossing);
  }

  /**
   * What a busy machine makes anew it makes slowly, but so it starts a process: a third of that.
   */
  private static void assertNothingNoticed(Map<String, String> before, int away) {
    assertThat(live.pings().lostMoreThan(Math.max(UNNOTICED, away / 3)))
        .as("pings lost in %d rounds: %s", away, live.logs())
        .isEmpty();
    assertThat(live.addresses()).isEqualTo(before);
    assertThat(live.pings().addressesGivenTwice()).isEmpty();
  }

  /** An NSE's process that does not own its domain's manager. */
  private static String notManager(Domain domain) throws Exception {
    String owner = live.managerOwner(domain);
    return domain.nses().stream()
        .map(Nse::name)
        .filter(name -> !name.equals(owner))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until a started NSE has its links: it said so by registering, and peers route to it. */
  private static void awaitRoutes(Nse at, Nse to) throws Exception {
    long end = System.nanoTime() + HEALED.toNanos();
    while (live.peerInterface(at, to).isEmpty() || live.peerInterface(to, at).isEmpty()) {
      assertThat(System.nanoTime()).as("routes between NSEs").isLessThan(end);
      live.pings().awaitAll(System.nanoTime(), Duration.ofSeconds(1));
    }
  }

  private void awaitOtherOwner(String before) throws Exception {
    long end = System.nanoTime() + HEALED.toNanos();
    String now = before;
    while (now.equals(before)) {
      assertThat(System.nanoTime()).as("another owner than " + before).isLessThan(end);
      live.pings().awaitAll(System.nanoTime(), Duration.ofSeconds(1));
      try {
        now = live.managerOwner(first);
      } catch (AssertionError nobodyYet) {
        now = before;
      }
    }
  }
}
