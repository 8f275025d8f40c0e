package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSocket;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.api.RecordedVpp;
import io.vl3.vpp.api.Recording;
import io.vl3.vpp.direct.GivenVppTest.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The product says to each version what it said when a real one was there, and understands what
 * that answered. {@link GivenVppRecordTest} records anew.
 */
class RecordedTalksTest {

  /** Versions that were recorded. */
  private static final List<String> VERSIONS = List.of("22.10", "23.06", "26.06");

  /** What is recorded: these have most of the messages that are used. */
  static final List<Scenario> RECORDED =
      GivenVppTest.ALL.stream()
          .filter(
              scenario ->
                  Set.of("shared address", "table of both families", "MTU", "translation")
                      .contains(scenario.name()))
          .toList();

  @TempDir Path directory;

  static Stream<Arguments> talks() {
    return VERSIONS.stream()
        .flatMap(version -> RECORDED.stream().map(one -> Arguments.of(version, one)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("talks")
  void whatARealVppHeardAndSaid_isSaidAndUnderstood(String version, Scenario scenario)
      throws Exception {
    ExecutorService io = Executors.newCachedThreadPool();
    Path socket = directory.resolve("api.sock");
    VppSocket access =
        new VppSocket(socket, List.of(FakeVppServer.describe(directory.resolve("api"), version)));
    try (RecordedVpp vpp = new RecordedVpp(socket, version, scenario.name());
        VppDataPlane plane = open(access, scenario, io)) {
      play(scenario.of(version), plane);
      assertThat(vpp.differences()).isEmpty();
    } finally {
      io.shutdown();
      assertThat(io.awaitTermination(10, TimeUnit.SECONDS)).as("the reader ends").isTrue();
    }
  }

  @Test
  void everyVersion_hasEveryTalk() {
    for (String version : VERSIONS) {
      assertThat(Recording.kept(version).talks())
          .as(version)
          .containsExactlyElementsOf(RECORDED.stream().map(Scenario::name).toList());
    }
  }

  /** A data plane whose work is done by the test's thread. */
  static VppDataPlane open(VppSocket access, Scenario scenario, ExecutorService io) {
    VppDataPlane plane =
        VppDataPlane.direct(
            access,
            scenario.settings(),
            new FakeTimer(),
            Runnable::run,
            io,
            RandomGenerator.of("L64X128MixRandom"));
    plane.start();
    return plane;
  }

  /** Puts the links one after another, each with a look, and takes them away. */
  static void play(Scenario scenario, VppDataPlane plane) {
    assertThat(plane.status().state()).as(plane.status().detail()).isEqualTo(State.UP);
    for (Link link : scenario.links()) {
      assertThat(plane.apply(List.of(new LinkChange.Put(link))).get(0)).isInstanceOf(Applied.class);
      assertThat(plane.observe()).contains(link.key());
      assertThat(plane.status().problems()).isEmpty();
    }
    for (LinkKey key : scenario.links().stream().map(Link::key).distinct().toList()) {
      assertThat(plane.apply(List.of(new LinkChange.Remove(key))).get(0))
          .isInstanceOf(Applied.class);
    }
  }
}
