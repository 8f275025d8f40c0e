package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.process.Wait;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, with real processes and packets, whose underlays carry packets of unlike sizes. */
@RequiresNetns
class UnderlayMtuTest {

  private static final Pattern MTU = Pattern.compile(" mtu ([0-9]+) ");

  /** So that links are refreshed every few seconds; the section {@code nsm} ends the file. */
  private static final String SHORT_TOKENS = "  tokenLifetime: 30s\n";

  @TempDir private Path dir;

  @Test
  void theLinkBetweenThem_hasTheLeastOfBoth_onBothSides_andFollowsWhatChanges() throws Exception {
    List<String> namespacesBefore = Netns.list("");
    DemoPlan plan = DemoPlan.of(new DemoSize(2, 1, 1), dir.resolve("demo"));
    Domain one = plan.domains().get(0);
    Domain other = plan.domains().get(1);
    try (LiveNetwork live = LiveNetwork.build(plan, SHORT_TOKENS)) {
      setUnderlay(plan, one, 1400);
      setUnderlay(plan, other, 9000);
      live.startAll();
      awaitLink(live, one, other, 1350);

      setUnderlay(plan, one, 1500);
      awaitLink(live, one, other, 1450);

      setUnderlay(plan, one, 9000);
      setUnderlay(plan, other, 1400);
      awaitLink(live, one, other, 1350);
      assertThat(live.pings().awaitAll(System.nanoTime(), Duration.ofSeconds(60)))
          .as(live.logs())
          .isEmpty();
    }
    assertThat(Netns.list("")).isEqualTo(namespacesBefore);
  }

  private static void setUnderlay(DemoPlan plan, Domain domain, int mtuBytes) throws IOException {
    Ip.batchIn(plan.hub(), List.of("link set dev " + domain.name() + " mtu " + mtuBytes));
    Ip.batchIn(domain.node(), List.of("link set dev underlay0 mtu " + mtuBytes));
  }

  private static void awaitLink(LiveNetwork live, Domain one, Domain other, int mtuBytes)
      throws Exception {
    Nse here = one.nses().get(0);
    Nse there = other.nses().get(0);
    Wait.until(
        () ->
            "MTU %d: %d and %d; %s"
                .formatted(mtuBytes, mtu(live, here, there), mtu(live, there, here), live.logs()),
        () -> mtu(live, here, there) == mtuBytes && mtu(live, there, here) == mtuBytes);
  }

  /** Of the interface by which one NSE reaches the other; 0 while there is none. */
  private static int mtu(LiveNetwork live, Nse at, Nse to) {
    try {
      String name = live.peerInterface(at, to);
      String link = LiveNetwork.output("ip", "-n", at.netns(), "-o", "link", "show", "dev", name);
      Matcher mtu = MTU.matcher(link);
      return mtu.find() ? Integer.parseInt(mtu.group(1)) : 0;
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
