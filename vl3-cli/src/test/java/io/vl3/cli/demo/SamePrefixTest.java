package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.process.Vl3Process;
import io.vl3.cli.process.Wait;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two NSEs in two domains that were given the same prefix, and serve workloads from it before the
 * domains find each other: what docs/addressing.md promises, with real processes and packets.
 */
@RequiresNetns
class SamePrefixTest {

  private static final int OCTET = 7;
  private static final String METRICS = "metrics: {address: 127.0.0.1, port: 9464}\n";
  private static final String PAGE = "http://127.0.0.1:9464/metrics";
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Pings lost in a row: some are, while a link is made anew in place, more on a busy machine. */
  private static final int UNNOTICED = 15;

  @TempDir private Path dir;

  private final List<Vl3Process> newcomers = new ArrayList<>();

  @AfterEach
  void endNewcomers() throws InterruptedException {
    for (Vl3Process newcomer : newcomers) {
      newcomer.kill();
    }
  }

  @Test
  void theLaterTakesNobodyNew_untilTheEarlierIsGone_andBothKeepWhomTheyServe() throws Exception {
    DemoPlan plan = samePrefix(DemoPlan.of(new DemoSize(2, 1, 2), dir.resolve("demo")));
    Domain earlier = plan.domains().get(0);
    Domain later = plan.domains().get(1);
    try (LiveNetwork live = LiveNetwork.build(plan, METRICS);
        TestNetns newcomers = new TestNetns("vl3-same")) {
      live.cutOff(later);
      live.startAndAwait(nameOf(earlier));
      live.startAndAwait(nameOf(later));
      live.startAndAwait(plan.domains().stream().map(LiveNetwork::clients).toList());
      awaitLine(earlier, domainUp(earlier, later, 0));
      assertInsideAnswer(live);
      live.pings().forgetLosses();

      live.join(later);
      awaitOverlap(earlier, later, nameOf(later) + "@" + later.managerAddress());
      awaitOverlap(later, earlier, nameOf(later));
      awaitLine(earlier, domainUp(earlier, later, 1));
      Vl3Process refused = client(later, newcomers.add("late"));
      refused.awaitOutput(
          "late: not attached yet: own prefix: 10.60.7.0/24 of %s (expected: apart from 10.60.7.0/24 of peer %s@%s, registered earlier)"
              .formatted(nameOf(later), nameOf(earlier), earlier.managerAddress()));
      Vl3Process taken = client(earlier, newcomers.add("early"));
      taken.awaitOutput("early: nsm0 10.60.7.");
      assertInsideAnswer(live);

      live.end(nameOf(earlier));
      refused.awaitOutput("late: nsm0 10.60.7.");
      assertThat(page(later)).doesNotContain("vl3_prefix_overlap{");
      assertThat(live.pings().lostMoreThan(UNNOTICED)).noneMatch(pair -> pair.contains("d2-w"));
      refused.stop();
    }
  }

  private static boolean isInsideADomain(String pair) {
    return pair.startsWith("d1-") == pair.contains(">d1-");
  }

  /** What Prometheus is shown at one of the two: both names, and who gives way as it knows him. */
  private static void awaitOverlap(Domain at, Domain other, String givesWay) throws Exception {
    String prefix = at.nses().get(0).prefix();
    String line =
        "vl3_prefix_overlap{gives_way=\"%s\",nse=\"%s\",peer=\"%s@%s\",peer_prefix=\"%s\",prefix=\"%s\"} 1.0"
            .formatted(givesWay, nameOf(at), nameOf(other), other.managerAddress(), prefix, prefix);
    awaitLine(at, line);
  }

  private static String domainUp(Domain at, Domain other, int up) {
    return "vl3_domain_up{domain=\"%s\",nse=\"%s\"} %d.0\n"
        .formatted(other.managerAddress(), nameOf(at), up);
  }

  private static void awaitLine(Domain at, String line) throws Exception {
    Wait.until(() -> line, () -> page(at).contains(line));
  }

  /** Every NSE is in a node of its own, so all may listen on one port. */
  private static String page(Domain at) throws Exception {
    return Netns.named(at.node())
        .call(
            () -> {
              URLConnection connection = URI.create(PAGE).toURL().openConnection();
              // One that is kept would lead to the other node the next time.
              connection.setRequestProperty("Connection", "close");
              try (InputStream page = connection.getInputStream()) {
                return new String(page.readAllBytes(), StandardCharsets.UTF_8);
              }
            });
  }

  private static void assertInsideAnswer(LiveNetwork live) throws InterruptedException {
    assertThat(live.pings().awaitThose(SamePrefixTest::isInsideADomain, System.nanoTime(), SOON))
        .as(live.logs())
        .isEmpty();
  }

  private Vl3Process client(Domain domain, Netns netns) throws Exception {
    Vl3Process newcomer =
        Vl3Process.start(
            dir.resolve(domain.name() + "-newcomer.log"),
            "client",
            "--service",
            DemoPlan.SERVICE,
            "--netns",
            netns.path().toString(),
            "--run-dir",
            domain.runDir().toString());
    newcomers.add(newcomer);
    return newcomer;
  }

  private static String nameOf(Domain domain) {
    return domain.nses().get(0).name();
  }

  private static DemoPlan samePrefix(DemoPlan plan) {
    return new DemoPlan(
        plan.hub(), plan.dir(), plan.domains().stream().map(SamePrefixTest::samePrefix).toList());
  }

  private static Domain samePrefix(Domain domain) {
    return new Domain(
        domain.name(),
        domain.node(),
        domain.underlayAddress(),
        domain.runDir(),
        domain.nses().stream().map(nse -> new Nse(nse.name(), OCTET)).toList(),
        domain.workloads());
  }
}
