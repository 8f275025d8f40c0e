package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An endpoint that is killed and stays dead. Its namespace goes on forwarding, so nothing is lost
 * at first; once the registry has forgotten it, its peers let go of it, and its workload has to be
 * served by another endpoint. {@code -Dvl3.deaths=20} repeats it and prints how long that takes;
 * docs/performance.md has the command.
 */
@RequiresNetns
class DeadEndpointTest {

  private static final int DEATHS = Integer.getInteger("vl3.deaths", 1);

  /** The product promises 5 s, on a machine that is its own; a busy one has to get there at all. */
  private static final Duration WITHIN =
      Duration.ofSeconds(Integer.getInteger("vl3.deaths.within.seconds", 60));

  private static final Duration REGISTERED = Duration.ofSeconds(10);

  /** What takes longer is shown with what the client said. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private static final Duration PING = Duration.ofMillis(200);

  @TempDir private Path directory;

  private final Map<String, String> prefixes =
      new TreeMap<>(
          Map.of(Machine.unique("deada"), "10.95.1.", Machine.unique("deadb"), "10.95.2."));
  private final Map<String, Vl3Process> endpoints = new TreeMap<>();
  private final List<Duration> served = new ArrayList<>();
  private final List<Duration> silent = new ArrayList<>();

  @Test
  void killedForGood_anotherEndpointServesItsWorkload_onceTheRegistryHasForgottenIt()
      throws Exception {
    try (Machine machine = new Machine(directory);
        ShortLivedManager manager = new ShortLivedManager(machine.runDirectory(), REGISTERED)) {
      for (String endpoint : prefixes.keySet()) {
        start(machine, endpoint);
      }
      for (int death = 0; death < DEATHS; death++) {
        die(machine, manager, death);
      }
      report("from the registry's word to an answer", served);
      report("longest time without an answer", silent);
      assertThat(served).allSatisfy(took -> assertThat(took).isLessThanOrEqualTo(WITHIN));
    }
  }

  /**
   * The dead endpoint's namespace answers pings of its workload, but forwards no more. Nobody waits
   * for the registry then, which believes in the endpoint for minutes.
   */
  @Test
  void killedForGood_andPacketsEndThere_anotherEndpointServesItsWorkloadBefore() throws Exception {
    try (Machine machine = new Machine(directory);
        ShortLivedManager manager =
            new ShortLivedManager(machine.runDirectory(), Duration.ofMinutes(10))) {
      for (String endpoint : prefixes.keySet()) {
        start(machine, endpoint);
      }
      awaitLink();
      Pair pair = attach(machine, 0);
      String victim = serving(pair.before());
      pair.ones().awaitOutput("[" + prefix(pair.other()) + "0] answer beyond the endpoint");
      endpoints.get(victim).kill();
      long cut = System.nanoTime();
      cutOff(victim);
      Silence silence = new Silence(pair.one(), pair.other());
      Wait.until(
          () -> "%s is served by another: %s".formatted(pair.one(), words(pair.ones())),
          () ->
              Machine.address(pair.one()).startsWith(prefix(pair.other()))
                  && silence.look()
                  && silence.isOver());
      System.out.printf(
          "cut off: served by another after %d ms%n", (System.nanoTime() - cut) / 1_000_000);
      assertThat(manager.knows(victim)).as("the registry still believes in it").isTrue();
      Wait.until(
          () -> "two attachments: " + words(pair.ones()),
          () -> attachments(pair.ones()).size() > 1);
      assertThat(attachments(pair.ones())).as(words(pair.ones())).hasSize(2);
      assertThat(attachments(pair.twos())).as(words(pair.twos())).hasSize(1);
      assertThat(Machine.address(pair.two())).isEqualTo(pair.other());
    }
  }

  /** Until the routers reach each other: workloads are then told of the other one. */
  private void awaitLink() throws Exception {
    for (String from : prefixes.keySet()) {
      for (String to : prefixes.keySet()) {
        IpAddress router = IpAddress.parse(prefixes.get(to) + "0");
        Wait.until(
            () -> from + " reaches " + to,
            () -> new IcmpProbe().alive(Machine.endpoint(from).url(), router, PING));
      }
    }
  }

  /** As a broken underlay does: the router itself goes on answering. */
  private void cutOff(String victim) throws Exception {
    for (String prefix : prefixes.values()) {
      if (!prefix.equals(prefixes.get(victim))) {
        Process rule =
            new ProcessBuilder(
                    "ip",
                    "-n",
                    "vl3-" + victim,
                    "rule",
                    "add",
                    "pref",
                    "10",
                    "to",
                    prefix + "0/24",
                    "unreachable")
                .inheritIO()
                .start();
        assertThat(rule.waitFor()).isZero();
      }
    }
  }

  /** Two workloads, served by one endpoint each; one's is killed. */
  private void die(Machine machine, ShortLivedManager manager, int death) throws Exception {
    Pair pair = attach(machine, death);
    String victim = serving(pair.before());
    watchDeath(manager, pair, victim);
    assertThat(attachments(pair.twos())).as(words(pair.twos())).hasSize(1);
    assertThat(Machine.address(pair.two())).isEqualTo(pair.other());
    pair.ones().stop();
    pair.twos().stop();
    start(machine, victim);
  }

  private Pair attach(Machine machine, int death) throws Exception {
    Netns one = machine.workload("one" + death);
    Vl3Process ones = machine.talkativeClient("dead-service", List.of(one));
    String before = Machine.awaitAddress(one, "10.95.");
    String victim = serving(before);
    Netns two = machine.workload("two" + death);
    Vl3Process twos = machine.client("dead-service", List.of(two));
    String other = Machine.awaitAddress(two, "10.95.");
    for (int again = 0; serving(other).equals(victim); again++) {
      // Endpoints take turns, but a request that was repeated took one, too.
      twos.stop();
      two = machine.workload("two" + death + "-" + again);
      twos = machine.client("dead-service", List.of(two));
      other = Machine.awaitAddress(two, "10.95.");
    }
    Machine.awaitPing(one, two);
    return new Pair(one, ones, before, two, twos, other);
  }

  /** A workload that will lose its endpoint, and one of another endpoint. */
  private record Pair(
      Netns one, Vl3Process ones, String before, Netns two, Vl3Process twos, String other) {}

  private void watchDeath(ShortLivedManager manager, Pair pair, String victim) throws Exception {
    Netns one = pair.one();
    Vl3Process ones = pair.ones();

    endpoints.get(victim).kill();
    Silence silence = new Silence(one, pair.other());
    Wait.until(() -> victim + " is forgotten", () -> silence.look() && !manager.knows(victim));
    long forgotten = System.nanoTime();
    Wait.until(
        () -> "%s is served by another: %s".formatted(one, words(ones)),
        () -> silence.look() && Machine.address(one).startsWith(prefix(pair.other())));
    Wait.until(
        () -> "%s reaches %s: %s".formatted(one, pair.two(), words(ones)),
        () -> silence.look() && silence.isOver());
    served.add(Duration.ofNanos(System.nanoTime() - forgotten));
    silent.add(silence.longest());
    System.out.printf(
        "death of %s: served after %s, silent for %s%n", victim, last(served), last(silent));
    if (served.get(served.size() - 1).compareTo(SLOW) > 0) {
      System.out.printf("what its client said:%n%s", words(ones));
    }

    // The interface is there before the client hears of it, and says so.
    ones.awaitOutput("all is well again after ");
    Wait.until(() -> "two attachments: " + words(ones), () -> attachments(ones).size() > 1);
    assertThat(attachments(ones)).as(words(ones)).hasSize(2);
    assertThat(words(ones)).contains(victim + " cannot be asked: ");
  }

  private void start(Machine machine, String endpoint) throws Exception {
    String config =
        """
        endpoints:
        - name: dead-service
          nseName: %s
          vl3:
            ipam: {defaultPrefixPool: 10.95.0.0/16, prefixIndex: %s}
        """
            .formatted(endpoint, prefixes.get(endpoint).split("\\.", -1)[2]);
    endpoints.put(endpoint, machine.run(endpoint, config));
  }

  private String serving(String address) {
    return prefixes.entrySet().stream()
        .filter(entry -> address.startsWith(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private String prefix(String address) {
    return prefixes.get(serving(address));
  }

  private static List<String> attachments(Vl3Process client) throws IOException {
    return client.output().lines().filter(line -> line.contains(", served by ")).toList();
  }

  private static String words(Vl3Process client) {
    try {
      return client.output();
    } catch (IOException unreadable) {
      return String.valueOf(unreadable);
    }
  }

  private static String last(List<Duration> took) {
    return took.get(took.size() - 1).toMillis() + " ms";
  }

  private static void report(String what, List<Duration> took) {
    List<Duration> sorted = took.stream().sorted().toList();
    System.out.printf(
        "%d deaths: %s: median %d ms, worst %d ms%n",
        sorted.size(),
        what,
        sorted.get(sorted.size() / 2).toMillis(),
        sorted.get(sorted.size() - 1).toMillis());
  }

  /** How long one workload gets no answer from another's address. */
  private static final class Silence {
    private final Netns from;
    private final IpAddress to;
    private long answered = System.nanoTime();
    private boolean over;
    private Duration longest = Duration.ZERO;

    Silence(Netns from, String to) {
      this.from = from;
      this.to = IpAddress.parse(to);
    }

    /** Asks once more; always true, to stand in a condition. */
    boolean look() throws IOException {
      over = new IcmpProbe().alive(from.url(), to, PING);
      if (over) {
        Duration gap = Duration.ofNanos(System.nanoTime() - answered);
        longest = gap.compareTo(longest) > 0 ? gap : longest;
        answered = System.nanoTime();
      }
      return true;
    }

    boolean isOver() {
      return over;
    }

    Duration longest() {
      return longest;
    }
  }
}
