package io.vl3.prefixes;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.vl3.api.ipam.Type;
import io.vl3.net.IpPrefix;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamedPrefixesTest {

  private final FakeTimer timer = new FakeTimer();
  @TempDir private Path directory;
  private final PrefixServing server;

  StreamedPrefixesTest() throws IOException {
    server = PrefixServing.of(PrefixServing.SETTINGS, timer);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void each_getsItsOwn_theLowestFirst() {
    assertThat(server.streamed("")).hasValue("10.60.0.0/24");
    assertThat(server.streamed("")).hasValue("10.60.1.0/24");
    assertThat(server.size()).isEqualTo(2);
  }

  @Test
  void givenBack_isFreeAtOnce() {
    PrefixStream first = server.stream();
    assertThat(first.ask("")).hasValue("10.60.0.0/24");
    first.send(Type.DELETE, "10.60.0.0/24");
    assertThat(server.streamed("")).hasValue("10.60.0.0/24");
  }

  @Test
  void endInOrder_givesBack() {
    PrefixStream first = server.stream();
    assertThat(first.ask("")).isPresent();
    first.complete();
    assertThat(first.end()).hasValue(Status.OK);
    assertThat(server.size()).isZero();
  }

  @Test
  void brokenStream_itsPrefixIsKeptForWhoAsksForIt() {
    PrefixStream first = server.stream();
    assertThat(first.ask("")).hasValue("10.60.0.0/24");
    first.breakOff();
    assertThat(server.streamed("")).hasValue("10.60.1.0/24");
    assertThat(server.streamed("10.60.0.0/24")).hasValue("10.60.0.0/24");
  }

  @Test
  void brokenStream_whoseClientStaysAway_itsPrefixIsFreeAfterTheGrace() {
    PrefixStream first = server.stream();
    assertThat(first.ask("")).hasValue("10.60.0.0/24");
    first.breakOff();
    timer.advance(PrefixServing.GRACE);
    assertThat(server.streamed("")).hasValue("10.60.0.0/24");
  }

  @Test
  void wish_isGrantedIfFree_elseAnotherIsGiven() {
    assertThat(server.streamed("10.60.7.0/24")).hasValue("10.60.7.0/24");
    assertThat(server.streamed("10.60.7.0/24")).hasValue("10.60.0.0/24");
    assertThat(server.streamed("172.16.0.0/24")).hasValue("10.60.1.0/24");
    assertThat(server.streamed("10.60.0.0/16")).hasValue("10.60.2.0/24");
  }

  @Test
  void excluded_isAvoidedAndTold() {
    PrefixStream stream = server.stream();
    assertThat(stream.ask("", "10.60.0.0/23", "192.168.0.0/16")).hasValue("10.60.2.0/24");
    assertThat(stream.last().getExcludePrefixesList())
        .containsExactly("10.60.0.0/23", "192.168.0.0/16");
  }

  @Test
  void nonsense_isRefused_andWhatTheStreamHadIsKept() {
    PrefixStream stream = server.stream();
    assertThat(stream.ask("")).isPresent();
    stream.send(Type.UNDEFINED, "");
    assertThat(stream.end().map(Status::getCode)).hasValue(Status.Code.INVALID_ARGUMENT);
    PrefixStream other = server.stream();
    assertThat(other.ask("ten")).isEmpty();
    assertThat(other.end().map(Status::getCode)).hasValue(Status.Code.INVALID_ARGUMENT);
    assertThat(server.size()).isEqualTo(1);
  }

  @Test
  void deleteOfAnothers_isWithoutEffect() {
    assertThat(server.streamed("")).hasValue("10.60.0.0/24");
    PrefixStream other = server.stream();
    other.send(Type.DELETE, "10.60.0.0/24");
    assertThat(other.ask("")).hasValue("10.60.1.0/24");
  }

  @Test
  void full_isRefusedAndSaysSo() throws IOException {
    CentralPrefixes.Settings small =
        new CentralPrefixes.Settings(
            IpPrefix.parse("10.60.0.0/23"), 24, Duration.ofHours(1), Duration.ZERO);
    try (PrefixServing two = PrefixServing.of(small, timer)) {
      assertThat(two.streamed("")).isPresent();
      assertThat(two.streamed("")).isPresent();
      PrefixStream third = two.stream();
      assertThat(third.ask("")).isEmpty();
      assertThat(third.end().orElseThrow().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(third.end().orElseThrow().getDescription())
          .contains("pool 10.60.0.0/23: no /24 left beside the 2 prefixes given");
    }
  }

  @Test
  void oneStream_hasAFewPrefixesAtMost() {
    PrefixStream greedy = server.stream();
    for (int i = 0; i < 16; i++) {
      assertThat(greedy.ask("")).isPresent();
    }
    assertThat(greedy.ask("")).isEmpty();
    assertThat(greedy.end().map(Status::getCode)).hasValue(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void restarted_knowsWhatItGave() throws IOException {
    Path journal = directory.resolve("ipam.journal");
    try (PrefixServing before = PrefixServing.in(journal, timer)) {
      assertThat(before.streamed("")).hasValue("10.60.0.0/24");
      assertThat(before.streamed("")).hasValue("10.60.1.0/24");
      PrefixStream gone = before.stream();
      assertThat(gone.ask("")).hasValue("10.60.2.0/24");
      gone.complete();
    }
    try (PrefixServing after = PrefixServing.in(journal, timer)) {
      assertThat(after.size()).isEqualTo(2);
      assertThat(after.streamed("")).as("a stranger, who is first").hasValue("10.60.2.0/24");
      assertThat(after.streamed("10.60.1.0/24")).hasValue("10.60.1.0/24");
      timer.advance(PrefixServing.GRACE);
      assertThat(after.streamed("")).as("nobody came").hasValue("10.60.0.0/24");
    }
  }

  @Test
  void restartedWithAnotherPool_startsWithoutWhatIsOutsideOfIt() throws IOException {
    Path journal = directory.resolve("ipam.journal");
    CentralPrefixes.Settings other =
        new CentralPrefixes.Settings(
            IpPrefix.parse("10.61.0.0/16"), 24, Duration.ofHours(1), PrefixServing.GRACE);
    try (PrefixServing before = PrefixServing.in(journal, timer)) {
      assertThat(before.streamed("")).hasValue("10.60.0.0/24");
    }
    try (CentralPrefixes moved = CentralPrefixes.open(other, journal, Runnable::run, timer)) {
      assertThat(moved.size()).isZero();
    }
  }
}
