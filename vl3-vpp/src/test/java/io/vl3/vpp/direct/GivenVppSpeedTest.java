package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkChange.Remove;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long links take on a VPP that is given, and what they cost: 200 from nothing, and one more
 * beside 1,000 without looks and while looks go on, and a look at those. It prints its figures.
 */
@EnabledIfSystemProperty(named = GivenVpp.SOCKET, matches = ".+", disabledReason = GivenVpp.NONE)
class GivenVppSpeedTest {

  private static final VppSettings SETTINGS = VppSettings.of("speed");
  private static final int FROM_NOTHING = 200;
  private static final int ROUNDS = 5;
  private static final int BESIDE = 1_000;
  private static final int MORE = 1_000;
  private static final int LOOKS = 30;

  @Test
  void links_fromNothing_andOneMoreBesideAThousand() throws Exception {
    try (GivenVpp vpp = GivenVpp.byProperties()) {
      vpp.clear(SETTINGS);
      VppDataPlane plane = vpp.open(SETTINGS);
      Map<String, Long> processes = Map.of("VPP", vpp.process());
      for (int round = 1; round <= ROUNDS; round++) {
        Cost before = Cost.now(processes);
        apply(plane, puts(0, FROM_NOTHING));
        System.out.printf(
            "round %d: %d links: %s%n", round, FROM_NOTHING, Cost.now(processes).since(before));
        apply(plane, removals(0, FROM_NOTHING));
      }
      apply(plane, puts(0, BESIDE));
      oneMore(processes, plane, "no look meanwhile");
      ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
      long seconds = SETTINGS.pace().verify().toSeconds();
      var unused =
          clock.scheduleWithFixedDelay(
              () -> vpp.timer.advance(SETTINGS.pace().verify()), 0, seconds, TimeUnit.SECONDS);
      oneMore(processes, plane, "a look every %d s".formatted(seconds));
      clock.shutdown();
      assertThat(clock.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      looks(processes, plane);
      apply(plane, removals(0, BESIDE));
    }
  }

  private static void oneMore(Map<String, Long> processes, VppDataPlane plane, String looks)
      throws Exception {
    List<Long> times = new ArrayList<>();
    Cost before = Cost.now(processes);
    for (int n = BESIDE; n < BESIDE + MORE; n++) {
      long begun = System.nanoTime();
      apply(plane, puts(n, n + 1));
      times.add((System.nanoTime() - begun) / 1_000);
      apply(plane, removals(n, n + 1));
    }
    times.sort(null);
    System.out.printf(
        "one more beside %d, %s: median %d us, p99 %d us, longest %d us; with its removal %d times:"
            + " %s%n",
        BESIDE,
        looks,
        times.get(MORE / 2),
        times.get(MORE * 99 / 100),
        times.get(MORE - 1),
        MORE,
        Cost.now(processes).since(before));
  }

  /** A whole look, which begins and ends in one turn. */
  private static void looks(Map<String, Long> processes, VppDataPlane plane) throws Exception {
    List<Long> times = new ArrayList<>();
    Cost before = Cost.now(processes);
    for (int n = 0; n < LOOKS; n++) {
      long begun = System.nanoTime();
      assertThat(plane.observe()).hasSizeGreaterThanOrEqualTo(BESIDE);
      times.add((System.nanoTime() - begun) / 1_000);
    }
    times.sort(null);
    System.out.printf(
        "one look at %d: median %d us, longest %d us; %d of them: %s%n",
        BESIDE,
        times.get(LOOKS / 2),
        times.get(LOOKS - 1),
        LOOKS,
        Cost.now(processes).since(before));
  }

  /** Links of these numbers, each with a route. */
  static List<LinkChange> puts(int from, int to) {
    return IntStream.range(from, to)
        .<LinkChange>mapToObj(
            n ->
                new Put(
                    SomeLinks.numbered(
                        "k" + n, n + 1, List.of("11.%d.%d.0/24".formatted(n / 256, n % 256)))))
        .toList();
  }

  static List<LinkChange> removals(int from, int to) {
    return IntStream.range(from, to)
        .<LinkChange>mapToObj(n -> new Remove(new LinkKey("k" + n)))
        .toList();
  }

  static void apply(VppDataPlane plane, List<LinkChange> changes) {
    assertThat(plane.apply(changes)).allMatch(Applied.class::isInstance);
  }
}
