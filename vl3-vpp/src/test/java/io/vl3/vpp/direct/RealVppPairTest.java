package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Attachment.Elsewhere;
import io.vl3.dataplane.Attachment.Memif;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.time.SystemTimer;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppSocket;
import io.vl3.vpp.VppStatus.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two real VPPs and the two ends of a memif, each programmed by a data plane of its own. */
@EnabledIfSystemProperty(
    named = "vl3.vpp",
    matches = ".+",
    disabledReason =
        "no VPP given: -Dvl3.vpp=PROGRAM -Dvl3.vpp.plugins=DIRECTORY -Dvl3.vpp.api.json=DIRECTORY")
class RealVppPairTest {

  private static final String MASTER = "10.0.0.6";
  private static final String SLAVE = "10.0.0.5";

  /** A slave tries to connect every 3 s. */
  private static final long LONGEST_MILLIS = 10_000;

  private static final int ROUNDS = Integer.getInteger("vl3.vpp.rounds", 3);

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    clock.shutdownNow();
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).as("every task ends").isTrue();
  }

  @ParameterizedTest(name = "the master ends: {0}")
  @ValueSource(booleans = {true, false})
  void aVppThatIsKilled_carriesPacketsAgain_soonAfterItsStart(boolean masterEnds) throws Exception {
    RunningVpp master = open(new RunningVpp(directory.resolve("m")));
    RunningVpp slave = open(new RunningVpp(directory.resolve("s")));
    VppDataPlane masters = plane("master", master);
    VppDataPlane slaves = plane("slave", slave);
    await("both look well", () -> isUp(masters) && isUp(slaves));
    put(masters, link(true, MASTER, SLAVE));
    put(slaves, link(false, SLAVE, MASTER));
    await("ping", () -> slave.reaches(MASTER));
    await(
        "the mode is set", () -> slave.cli("show interface rx-placement").contains("(interrupt)"));
    RunningVpp ends = masterEnds ? master : slave;
    VppDataPlane endsPlane = masterEnds ? masters : slaves;
    VppDataPlane staysPlane = masterEnds ? slaves : masters;
    RunningVpp stays = masterEnds ? slave : master;
    for (int round = 0; round < ROUNDS; round++) {
      ends.kill();
      await("the loss is noticed", () -> endsPlane.status().state() == State.DOWN);
      await("the other end is cut off", () -> !staysPlane.cutOff().isEmpty());
      ends.restart();
      long begin = System.nanoTime();
      await("it is programmed", () -> isUp(endsPlane));
      long programmed = System.nanoTime();
      await("ping", () -> stays.reaches(masterEnds ? MASTER : SLAVE));
      await("the other end is known to be back", () -> staysPlane.cutOff().isEmpty());
      System.out.printf(
          "%s killed: programmed %d ms, pinged %d ms after its start%n",
          masterEnds ? "master" : "slave",
          millis(begin, programmed),
          millis(begin, System.nanoTime()));
      assertThat(ends.isAlive()).isTrue();
      assertThat(endsPlane.status().problems()).isEmpty();
    }
  }

  private Link link(boolean master, String own, String other) {
    return new Link(
        new LinkKey("pair"),
        "pair",
        LinkEnd.bare(new Elsewhere()),
        new LinkEnd(
            new Memif(directory.resolve("pair.sock").toString(), master, false),
            List.of(InterfaceAddress.host(IpAddress.parse(own))),
            List.of(),
            List.of(IpAddress.parse(other))),
        1400);
  }

  private VppDataPlane plane(String owner, RunningVpp vpp) {
    Path descriptions = Path.of(System.getProperty(GivenVpp.DESCRIPTIONS, "/usr/share/vpp/api"));
    VppDataPlane plane =
        VppDataPlane.direct(
            new VppSocket(vpp.socket(), List.of(descriptions)),
            VppSettings.of(owner).withoutAgent(),
            new SystemTimer(clock),
            threads,
            threads,
            RandomGenerator.of("L64X128MixRandom"));
    plane.start();
    return open(plane);
  }

  private static boolean isUp(VppDataPlane plane) {
    return plane.status().state() == State.UP;
  }

  private static void put(VppDataPlane plane, Link link) {
    assertThat(plane.apply(List.of(new LinkChange.Put(link))).get(0))
        .isInstanceOf(LinkOutcome.Applied.class);
  }

  private static void await(String what, Callable<Boolean> so) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long begin = System.nanoTime();
    while (!so.call()) {
      assertThat(millis(begin, System.nanoTime())).as(what).isLessThan(LONGEST_MILLIS);
      var unused = never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  private static long millis(long begin, long end) {
    return TimeUnit.NANOSECONDS.toMillis(end - begin);
  }

  private <T extends AutoCloseable> T open(T one) {
    open.add(0, one);
    return one;
  }
}
