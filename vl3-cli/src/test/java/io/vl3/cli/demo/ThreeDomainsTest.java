package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Workload;
import io.vl3.cli.process.Wait;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three domains with real processes and packets, one of which cannot be reached at the start, and
 * later for a while: the other two do not wait for it, and it is found each time it is back. Nodes
 * are linked by tunnels, so the MTU that workloads are told falls and rises with the peer links.
 * {@code -Dvl3.cut.rounds=N} cuts it off for N rounds of pings.
 */
@RequiresNetns
class ThreeDomainsTest {

  private static final Pattern MTU = Pattern.compile(" mtu ([0-9]+) ");
  private static final int VETH_MTU = 1500;

  /** Six seconds, where nothing else runs. */
  private static final int CUT_ROUNDS = Integer.getInteger("vl3.cut.rounds", 60);

  /** For all that follows a change of the underlay, or of a peer, on a busy machine. */
  private static final Duration SOON = Duration.ofSeconds(60);

  /** A manager that took over shows no endpoint at first: peers are given 15 s to come back. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(100);

  /** Pings lost in a row: some are, while a link is made anew in place. */
  private static final int UNNOTICED = CUT_ROUNDS / 4;

  @TempDir private Path dir;

  @Test
  void oneUnreachableForAWhile_theOthersDoNotWait_andItIsFoundWhenItIsBack() throws Exception {
    List<String> namespacesBefore = Netns.list("");
    DemoPlan plan = DemoPlan.of(new DemoSize(3, 1, 2), dir.resolve("demo"));
    Domain lonely = plan.domains().get(2);
    Predicate<String> crossing =
        pair -> pair.startsWith(lonely.name()) != pair.contains(">" + lonely.name());
    try (LiveNetwork live = LiveNetwork.build(plan)) {
      live.cutOff(lonely);
      live.startAll();
      assertAnswer(live, crossing.negate());
      awaitMtu(plan.domains().get(0), mtu -> mtu < VETH_MTU, SOON);
      awaitMtu(lonely, mtu -> mtu == VETH_MTU, SOON);

      live.join(lonely);
      assertAnswer(live, pair -> true);
      awaitMtu(lonely, mtu -> mtu < VETH_MTU, SOON);
      Map<String, String> addresses = live.addresses();

      live.pings().forgetLosses();
      int cut = live.pings().rounds();
      live.cutOff(lonely);
      Wait.until(() -> "cut off", () -> live.pings().rounds() - cut > CUT_ROUNDS);
      live.join(lonely);
      assertAnswer(live, pair -> true);
      assertThat(live.pings().lostMoreThan(UNNOTICED)).isNotEmpty().allMatch(crossing);
      assertThat(live.addresses()).isEqualTo(addresses);
      assertThat(live.pings().addressesGivenTwice()).isEmpty();

      live.end(plan.domains().get(0).nses().get(0).name());
      live.end(plan.domains().get(1).nses().get(0).name());
      awaitMtu(lonely, mtu -> mtu == VETH_MTU, FORGOTTEN);
    }
    assertThat(Netns.list("")).isEqualTo(namespacesBefore);
  }

  private static void assertAnswer(LiveNetwork live, Predicate<String> pairs) throws Exception {
    assertThat(live.pings().awaitThose(pairs, System.nanoTime(), SOON)).as(live.logs()).isEmpty();
  }

  /** As the kernel of each of the domain's workloads has it. */
  private static void awaitMtu(Domain domain, IntPredicate wanted, Duration patience)
      throws Exception {
    for (Workload workload : domain.workloads()) {
      Wait.until(
          (int) patience.toSeconds(),
          () -> "MTU of " + workload + ": " + mtu(workload),
          () -> wanted.test(mtu(workload)));
    }
  }

  private static int mtu(Workload workload) {
    try {
      Matcher mtu =
          MTU.matcher(
              LiveNetwork.output(
                  "ip", "-n", workload.netns(), "-o", "link", "show", "dev", "nsm0"));
      return mtu.find() ? Integer.parseInt(mtu.group(1)) : 0;
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
