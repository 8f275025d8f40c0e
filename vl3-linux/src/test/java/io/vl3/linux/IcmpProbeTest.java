package io.vl3.linux;

import static io.vl3.linux.testing.KernelState.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresNetns
class IcmpProbeTest {

  /** Long enough for any machine to answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration SHORT = Duration.ofMillis(200);

  private final TestNetns fixtures = new TestNetns("ping");
  private final IcmpProbe probe = new IcmpProbe(Duration.ofMillis(50), System::nanoTime);

  @AfterEach
  void deleteNamespaces() throws IOException {
    fixtures.close();
  }

  @Test
  void loopbackDown_isFalse_upIsTrue() throws Exception {
    Netns netns = fixtures.add("loopback");
    assertThat(alive(netns, "127.0.0.1", SHORT)).isFalse();
    ip(netns, "link", "set", "lo", "up");
    assertThat(alive(netns, "127.0.0.1", PATIENCE)).isTrue();
    assertThat(alive(netns, "::1", PATIENCE)).isTrue();
  }

  @Test
  void noRoute_isFalseAtOnce() throws Exception {
    Netns netns = fixtures.add("noroute");
    for (String target : List.of("10.9.9.9", "fd00::9")) {
      assertThat(begin(netns, target, PATIENCE)).isCompletedWithValue(false);
    }
  }

  @Test
  void manyAtOnce_eachHasItsOwnAnswer_fromOneThread() throws Exception {
    Netns netns = fixtures.add("many");
    ip(netns, "link", "set", "lo", "up");
    silentNeighbour(netns);
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    int mostThreads = 0;
    for (int i = 0; i < 200; i++) {
      answers.add(begin(netns, "127.0.0." + (i + 1), PATIENCE));
      answers.add(begin(netns, "10.9.0." + (i + 1), SHORT));
      // Where this one stalls, all may be answered, the thread end, and another begin.
      mostThreads = Math.max(mostThreads, pingThreads(netns).size());
    }
    assertThat(mostThreads).isBetween(1, 2);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get()).as("answer %d", i).isEqualTo(i % 2 == 0);
    }
  }

  @Test
  void twoProbesOfOnePlace_doNotTakeEachOthersAnswers() throws Exception {
    Netns netns = fixtures.add("two");
    ip(netns, "link", "set", "lo", "up");
    silentNeighbour(netns);
    IcmpProbe other = new IcmpProbe();
    CompletableFuture<Boolean> silent = begin(netns, "10.9.0.1", Duration.ofSeconds(1));
    for (int i = 0; i < 50; i++) {
      assertThat(other.alive(netns.url(), IpAddress.parse("127.0.0.1"), PATIENCE)).isTrue();
      assertThat(alive(netns, "127.0.0.1", PATIENCE)).isTrue();
    }
    assertThat(silent.get()).isFalse();
  }

  /** As on a machine where much waits for a processor. */
  @Test
  void answerThatCameInTime_counts_thoughItIsReadLate() throws Exception {
    Netns netns = fixtures.add("late");
    silentNeighbour(netns);
    CountDownLatch listening = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    var unused =
        begin(netns, "10.9.0.1", PATIENCE)
            .thenRun(
                () -> {
                  listening.countDown();
                  awaitIt(goOn);
                });
    ip(netns, "addr", "add", "10.9.0.1/32", "dev", "lo");
    ip(netns, "link", "set", "lo", "up");
    awaitIt(listening);
    CompletableFuture<Boolean> late = begin(netns, "127.0.0.2", SHORT);
    long after = System.nanoTime() + SHORT.toNanos() * 5 / 4;
    while (System.nanoTime() < after) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    assertThat(late.get()).isTrue();
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void answersLater_isAskedAgain() throws Exception {
    Netns netns = fixtures.add("later");
    silentNeighbour(netns);
    CompletableFuture<Boolean> answer = begin(netns, "10.9.0.1", PATIENCE);
    ip(netns, "addr", "add", "10.9.0.1/32", "dev", "lo");
    ip(netns, "link", "set", "lo", "up");
    assertThat(answer.get()).isTrue();
  }

  @Test
  void namespaceMadeAnew_isFollowedByName_andLeftWhenNothingIsAsked() throws Exception {
    Netns netns = fixtures.add("anew");
    String name = String.valueOf(netns.path().getFileName());
    long end = System.nanoTime() + PATIENCE.toNanos();
    ip(netns, "link", "set", "lo", "up");
    assertThat(alive(netns, "127.0.0.1", PATIENCE)).isTrue();
    Netns.delete(name);
    assertThatThrownBy(() -> alive(netns, "127.0.0.1", PATIENCE)).isInstanceOf(IOException.class);
    Netns.create(name);
    assertThat(alive(netns, "127.0.0.1", SHORT)).as("a new one: its loopback is down").isFalse();
    while (!pingThreads(netns).isEmpty()) {
      assertThat(System.nanoTime()).as("its threads end").isLessThan(end);
      Thread.onSpinWait();
    }
    ip(netns, "link", "set", "lo", "up");
    assertThat(alive(netns, "127.0.0.1", PATIENCE)).as("begun anew").isTrue();
  }

  @Test
  void echoOfTheInterfacesMtu_passes_andOfAByteMoreIsTooBig() throws Exception {
    Netns netns = fixtures.add("sizes");
    ip(netns, "link", "set", "lo", "up", "mtu", "1400");
    for (String target : List.of("127.0.0.1", "::1")) {
      Echo whole = echo(netns, target, 1400, PATIENCE);
      assertThat(whole).isInstanceOf(Echo.Answered.class);
      assertThat(((Echo.Answered) whole).roundTrip()).isPositive().isLessThan(PATIENCE);
      assertThat(echo(netns, target, 1401, PATIENCE)).isEqualTo(new Echo.TooBig());
      assertThat(echo(netns, target, 0, PATIENCE)).isInstanceOf(Echo.Answered.class);
    }
  }

  @Test
  void echoWithoutAnAnswer_isSilent_andWithoutARouteSaysWhy() throws Exception {
    Netns netns = fixtures.add("silent");
    silentNeighbour(netns);
    assertThat(echo(netns, "10.9.0.1", 100, SHORT)).isEqualTo(new Echo.Silent());
    assertThat(echo(netns, "10.10.0.1", 100, PATIENCE)).isInstanceOf(Echo.NoWay.class);
  }

  private Echo echo(Netns netns, String target, int bytes, Duration timeout) throws Exception {
    return probe.echo(netns, IpAddress.parse(target), bytes, timeout).get();
  }

  @Test
  void noNamespace_saysSo() {
    assertThatThrownBy(() -> probe.alive("file:///dev/null", IpAddress.parse("10.0.0.1"), SHORT))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "network namespace: file:///dev/null (expected: the file of a network namespace)");
    for (String other : List.of("/dev/null", "/run/netns/vl3-none")) {
      assertThatThrownBy(() -> begin(new Netns(Path.of(other)), "10.0.0.1", SHORT))
          .isInstanceOf(IOException.class);
    }
  }

  /** As in a container that may make links but open no raw socket. */
  @Test
  void withoutRawSockets_aRefusedConnectionIsLife() throws Exception {
    Netns netns = fixtures.add("raw");
    ip(netns, "link", "set", "lo", "up");
    silentNeighbour(netns);
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--bounding-set=-net_raw",
                "--inh-caps=-net_raw",
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutRawSockets.class.getName(),
                netns.url())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("no raw socket; true false\n");
  }

  /** A program for the test above. */
  static final class WithoutRawSockets {

    private WithoutRawSockets() {}

    public static void main(String[] arguments) throws Exception {
      IcmpProbe probe = new IcmpProbe();
      boolean answering = probe.alive(arguments[0], IpAddress.parse("127.0.0.1"), PATIENCE);
      boolean silent = probe.alive(arguments[0], IpAddress.parse("10.9.0.1"), SHORT);
      String how =
          pingThreads(Netns.locate(arguments[0])).isEmpty() ? "no raw socket" : "a raw socket";
      System.out.printf("%s; %s %s%n", how, answering, silent);
    }
  }

  private boolean alive(Netns netns, String target, Duration timeout) throws IOException {
    return probe.alive(netns.url(), IpAddress.parse(target), timeout);
  }

  private CompletableFuture<Boolean> begin(Netns netns, String target, Duration timeout)
      throws IOException {
    return probe.begin(netns, IpAddress.parse(target), timeout, Runnable::run);
  }

  private static List<String> pingThreads(Netns netns) {
    String name = "vl3-ping " + netns.path().getFileName();
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(each -> each.startsWith(name + " "))
        .toList();
  }

  /** 10.9.0.0/16 has a way, at whose end nobody is. */
  private static void silentNeighbour(Netns netns) throws Exception {
    ip(netns, "link", "add", "void", "type", "veth", "peer", "name", "void-peer");
    ip(netns, "addr", "add", "10.8.0.1/32", "dev", "void");
    ip(netns, "link", "set", "void", "up");
    ip(netns, "link", "set", "void-peer", "up");
    ip(netns, "route", "add", "10.9.0.0/16", "dev", "void");
  }
}
