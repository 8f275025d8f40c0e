package io.vl3.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.api.ipam.PrefixResponse;
import io.vl3.health.Reporter;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our client of the prefix server, through everything that may happen to its stream. */
class PrefixServerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeTimer timer = new FakeTimer();
  private final List<String> changes = new ArrayList<>();
  private FakePrefixServer server;
  private Optional<PrefixServer> ours = Optional.empty();

  @BeforeEach
  void serve() throws Exception {
    server = new FakePrefixServer();
  }

  @AfterEach
  void stop() {
    ours.ifPresent(PrefixServer::close);
    assertThat(server.open()).isZero();
    assertThat(timer.pending()).isZero();
    server.close();
  }

  @Test
  void theFirstFreePrefix_isOurs_untilWeGiveItBack() {
    start("172.16.0.0/24");
    assertThat(server.given()).containsExactly("172.16.0.0/24");
    ours.orElseThrow().close();
    assertThat(server.given()).isEmpty();
    assertThat(server.asked).containsExactly("ALLOCATE", "DELETE 172.16.0.0/24");
    assertThat(missing()).contains("is no longer asked");
  }

  @Test
  void theFormerPrefix_isAskedForAgain_withWhatItMustNotContain() {
    ours =
        Optional.of(
            PrefixServer.start(
                server.channel(),
                "ipam",
                List.of(IpPrefix.parse("172.16.7.128/25")),
                Optional.of(IpPrefix.parse("172.16.7.0/24")),
                timer,
                new Random(1),
                Reporter.NONE));
    assertThat(server.asked).containsExactly("ALLOCATE 172.16.7.0/24 not [172.16.7.128/25]");
    assertThat(prefixes()).isEqualTo("[172.16.7.0/25]");
  }

  @Test
  void aBlipOfTheStream_leavesThePrefixInUse_andAsksForItAgain() {
    start("172.16.0.0/24");
    server.breakStreams();
    assertThat(prefixes()).isEqualTo("[172.16.0.0/24]");
    timer.advance(SECOND);
    assertThat(server.asked).containsExactly("ALLOCATE", "ALLOCATE 172.16.0.0/24");
    assertThat(server.given()).containsExactly("172.16.0.0/24");
    assertThat(changes).isEmpty();
  }

  @Test
  void aServerThatIsAway_leavesThePrefixInUse_howeverLong() {
    start("172.16.0.0/24");
    server.away = true;
    server.breakStreams();
    timer.advance(Duration.ofHours(1));
    assertThat(prefixes()).isEqualTo("[172.16.0.0/24]");
    server.away = false;
    timer.advance(MINUTE);
    assertThat(server.given()).containsExactly("172.16.0.0/24");
    assertThat(server.asked.stream().skip(1)).containsOnly("ALLOCATE 172.16.0.0/24");
    assertThat(changes).isEmpty();
  }

  /** It may hold ours for the stream whose end it has not noticed. */
  @Test
  void anotherPrefixAfterABlip_isGivenBack_andOursAskedForAgain() {
    start("172.16.0.0/24");
    server.breakStreams();
    server.take("172.16.0.0/24");
    timer.advance(Duration.ofMillis(250));
    assertThat(prefixes()).isEqualTo("[172.16.0.0/24]");
    server.free("172.16.0.0/24");
    timer.advance(SECOND);
    assertThat(server.asked).containsSequence("DELETE 172.16.1.0/24", "ALLOCATE 172.16.0.0/24");
    assertThat(server.given()).containsExactly("172.16.0.0/24");
    assertThat(changes).isEmpty();
  }

  @Test
  void ours_givenToSomebodyElseByARestartedServer_isLeftAfterAFewTries() {
    start("172.16.0.0/24");
    server.breakStreams();
    server.take("172.16.0.0/24");
    timer.advance(MINUTE);
    assertThat(changes).containsExactly("[172.16.1.0/24]");
    assertThat(server.given()).containsExactly("172.16.0.0/24", "172.16.1.0/24");
    assertThat(server.asked.stream().filter("ALLOCATE 172.16.0.0/24"::equals)).hasSize(4);
  }

  @Test
  void aGrantThatChangesAtRunTime_isTaken_andTold() {
    start("172.16.0.0/24");
    server.change("172.16.9.0/24");
    assertThat(changes).containsExactly("[172.16.9.0/24]");
    server.breakStreams();
    timer.advance(SECOND);
    assertThat(server.asked).endsWith("ALLOCATE 172.16.9.0/24");
  }

  @Test
  void anUnalignedGrant_isMasked_andItsExclusionsTakenOut() {
    server.instead =
        Optional.of(
            PrefixResponse.newBuilder()
                .setPrefix("172.16.0.64/24")
                .addExcludePrefixes("172.16.0.128/25")
                .build());
    start("172.16.0.64/26");
    server.breakStreams();
    timer.advance(SECOND);
    assertThat(server.asked).endsWith("ALLOCATE 172.16.0.64/24");
  }

  @Test
  void aServerThatAnswersNothing_isLeftAfterTenSeconds_andNamed() {
    server.silent = true;
    begin();
    timer.advance(Duration.ofSeconds(9));
    assertThat(missing())
        .isEqualTo("no prefix yet: prefix server at ipam has not answered [for 9 s]");
    timer.advance(SECOND);
    assertThat(server.open()).isZero();
    timer.advance(Duration.ofMillis(100));
    assertThat(missing())
        .isEqualTo("no prefix yet: prefix server at ipam does not answer [for 0 s]");
    server.silent = false;
    timer.advance(SECOND);
    assertThat(changes).containsExactly("[172.16.0.0/24]");
  }

  @Test
  void nonsense_isNoPrefix_andNamed() {
    server.instead = Optional.of(PrefixResponse.newBuilder().setPrefix("nonsense").build());
    begin();
    assertThat(missing())
        .contains("prefix server at ipam refuses with INTERNAL")
        .contains("nonsense");
  }

  @Test
  void aServerThatIsAway_isAskedEverLessOften() {
    server.away = true;
    begin();
    assertThat(missing()).contains("is unreachable: away");
    assertAskedEverLessOften();
  }

  /** It grants each time: that alone is no sign that all is well. */
  @Test
  void aStreamThatNeverLasts_isOpenedEverLessOften() {
    server.endingAfterGrant = true;
    start("172.16.0.0/24");
    assertAskedEverLessOften();
    assertThat(prefixes()).isEqualTo("[172.16.0.0/24]");
    assertThat(changes).isEmpty();

    server.endingAfterGrant = false;
    timer.advance(Duration.ofMinutes(2));
    server.breakStreams();
    int before = server.asked.size();
    timer.advance(SECOND);
    assertThat(server.asked).hasSize(before + 1);
  }

  @Test
  void aServerThatIsAway_isLoggedOnce_andItsReturnOnce() {
    start("172.16.0.0/24");
    try (LogLines log = LogLines.of(PrefixServer.class.getName())) {
      server.away = true;
      server.breakStreams();
      timer.advance(Duration.ofMinutes(10));
      server.away = false;
      timer.advance(MINUTE);
      assertThat(log.lines(Level.WARN).stream().map(PrefixServerTest::withoutTime).distinct())
          .hasSize(log.lines(Level.WARN).size())
          .contains("prefix server at ipam is unreachable: away")
          .last()
          .isEqualTo("prefix server at ipam: holds our prefix again");
    }
  }

  @Test
  void aStreamThatNeverLasts_isLoggedOnce_andOverOnceOneLasts() {
    server.endingAfterGrant = true;
    try (LogLines log = LogLines.of(PrefixServer.class.getName())) {
      start("172.16.0.0/24");
      timer.advance(Duration.ofMinutes(10));
      assertThat(log.lines(Level.WARN)).containsExactly("prefix server at ipam ended the stream");
      server.endingAfterGrant = false;
      timer.advance(Duration.ofMinutes(2));
      assertThat(log.lines(Level.WARN)).hasSize(2);
    }
  }

  private static String withoutTime(String line) {
    return line.replaceAll(" after [0-9.]+ s$", "");
  }

  private void assertAskedEverLessOften() {
    timer.advance(Duration.ofMinutes(10));
    int before = server.asked.size();
    assertThat(before).isLessThan(60);
    timer.advance(Duration.ofMinutes(10));
    assertThat(server.asked.size() - before).isBetween(15, 60);
  }

  private void start(String expected) {
    begin();
    assertThat(prefixes()).isEqualTo("[" + expected + "]");
    changes.clear();
  }

  private void begin() {
    PrefixServer started =
        PrefixServer.start(
            server.channel(),
            "ipam",
            List.of(),
            Optional.empty(),
            timer,
            new Random(1),
            Reporter.NONE);
    ours = Optional.of(started);
    started.onChange(() -> changes.add(prefixes()));
  }

  private String prefixes() {
    return ours.orElseThrow().current().prefixes().toString();
  }

  private String missing() {
    return ((PrefixSource.Missing) ours.orElseThrow().current()).why();
  }
}
