package io.vl3.registry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.health.Reporter;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PeerDirectoryTest {

  private static final String SERVICE = "vl3";

  private final FakeTimer timer = new FakeTimer();
  private final ManualExecutor executor = new ManualExecutor();
  private final FakeRegistry registry = new FakeRegistry(timer);
  private final FakeRegistry far = new FakeRegistry(timer);
  private final List<String> told = new ArrayList<>();
  private PeerDirectory directory = directory(PeerSearch.of("me", SERVICE));

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("watches", registry::watching)
          .empty("far watches", far::watching)
          .empty("timer", timer::pending);

  @AfterEach
  void close() {
    directory.close();
    directory.close();
  }

  @Test
  void start_tellsWhatIsThere_butNeverOurselves() throws Exception {
    register("me", Map.of());
    register("a", Map.of());
    start();
    assertThat(directory.known().names()).containsExactly("a");
    assertThat(directory.known().complete()).isTrue();
    assertThat(told).containsExactly("+a");
  }

  @Test
  void changes_areTold_butNotMereRefreshes() throws Exception {
    start();
    register("a", Map.of());
    timer.advance(Duration.ofMinutes(1));
    register("a", Map.of());
    register("a", Map.of("zone", "1"));
    registry.unregister(record("a", Map.of()));
    assertThat(told).containsExactly("+a", "~a", "-a");
    assertThat(directory.known().all()).isEmpty();
  }

  @Test
  void whoTookOurName_isAPeer_andWeAreNot_onceWeAreGrantedAnother() throws Exception {
    AtomicReference<EndpointRecord> self = new AtomicReference<>(record("me", Map.of()));
    directory = directory(new PeerSearch(self::get, SERVICE, Map.of(), List.of()));
    start();
    directory.ownNameMayHaveChanged();
    register("me", Map.of());
    register("me-1", Map.of());
    assertThat(directory.known().names()).as("until we know it").containsExactly("me-1");
    self.set(record("me-1", Map.of()));
    directory.ownNameMayHaveChanged();
    assertThat(directory.known().names()).containsExactly("me");
    assertThat(told).containsExactly("+me-1", "+me", "-me-1");
  }

  @Test
  void otherServicesAndLabels_areNoPeers() throws Exception {
    directory = directory(search(record("me", Map.of()), Map.of("app", "x")));
    start();
    register("a", Map.of("app", "x"));
    register("b", Map.of("app", "y"));
    registry.register(EndpointRecord.of("c", "other", Map.of("app", "x"), "tcp://c"));
    assertThat(directory.known().names()).containsExactly("a");
  }

  @Test
  void aBrokenStream_keepsWhatIsKnown_andSubscribesAgainWithGrowingWaits() throws Exception {
    register("a", Map.of());
    start();
    registry.goAway();
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waits.add(timer.untilNext());
      timer.advance(timer.untilNext());
      executor.runAll();
    }
    assertThat(waits.get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(waits.get(3)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1600));
    assertThat(waits.get(7)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    assertThat(directory.known().names()).containsExactly("a");
    registry.comeBack();
    settle(Duration.ofSeconds(10));
    assertThat(registry.watching()).isOne();
    assertThat(told).containsExactly("+a");
  }

  @Test
  void resync_tellsWhatLeftMeanwhile_afterTheGrace() throws Exception {
    register("a", Map.of());
    register("b", Map.of());
    start();
    registry.goAway();
    registry.forget("a");
    registry.comeBack();
    settle(Duration.ofSeconds(1));
    assertThat(directory.known().names()).containsExactly("a", "b");
    settle(Duration.ofSeconds(15));
    assertThat(directory.known().names()).containsExactly("b");
    assertThat(told).containsExactly("+a", "+b", "-a");
  }

  @Test
  void aRegistryThatStartsAnew_losesNobodyWhoRegistersAgainInTime() throws Exception {
    register("a", Map.of());
    Instant first = timer.instant();
    start();
    registry.goAway();
    registry.forget("a");
    registry.comeBack();
    settle(Duration.ofSeconds(5));
    registry.register(record("a", Map.of()).withTimes(Optional.empty(), Optional.of(first)));
    settle(Duration.ofSeconds(60));
    assertThat(told).containsExactly("+a");
  }

  @Test
  void aPeerWhoseLinkWorks_isKept_thoughANewWatchDoesNotShowIt_untilItsLinkBreaks()
      throws Exception {
    Set<String> linked = new HashSet<>(Set.of("a@far"));
    directory = directory(search(record("me", Map.of()), Map.of(), "far"));
    directory.keepWhile(peer -> linked.contains(peer.name()));
    far.register(record("a", Map.of()));
    far.register(record("b", Map.of()));
    try (LogLines log = LogLines.of(PeerDirectory.class.getName())) {
      start();
      far.goAway();
      far.forget("a");
      far.forget("b");
      far.comeBack();
      settle(Duration.ofMinutes(2));
      assertThat(told).containsExactly("+a@far", "+b@far", "-b@far");
      linked.clear();
      settle(Duration.ofSeconds(16));
      assertThat(told).containsExactly("+a@far", "+b@far", "-b@far", "-a@far");
      assertThat(log.lines(Level.WARN))
          .containsExactly(
              "peer b of vl3@far: given up: its registry has not shown it for PT15S, and no link to"
                  + " it works",
              "peer a of vl3@far: given up: its registry has not shown it for PT15S, and no link to"
                  + " it works");
    }
  }

  @Test
  void aPeerThatTheRegistrySaysHasLeft_isNotKept_thoughItsLinkWorks() throws Exception {
    directory.keepWhile(peer -> true);
    register("a", Map.of());
    start();
    registry.unregister(record("a", Map.of()));
    assertThat(told).containsExactly("+a", "-a");
  }

  /** NSM's proxies answer for a domain that they cannot reach: nothing, and no error. */
  @Test
  void anEmptyAnswerOfAnotherDomain_isNoReturn_andItsOutageIsReportedOnce() throws Exception {
    directory = directory(search(record("me", Map.of()), Map.of(), "far"));
    try (LogLines log = LogLines.of(PeerDirectory.class.getName())) {
      start();
      for (int i = 0; i < 10; i++) {
        far.goAway();
        assertThat(directory.domains().get(1)).isEqualTo(new DomainStatus("far", false));
        far.comeBack();
        settle(Duration.ofSeconds(11));
      }
      assertThat(directory.known().complete()).isFalse();
      assertThat(far.watchesOpened()).isLessThanOrEqualTo(11);
      assertThat(log.lines())
          .containsExactly("peers of vl3@far: cannot be looked for: registry: away");
      far.register(record("a", Map.of()));
      assertThat(log.lines()).last().asString().startsWith("peers of vl3@far: found again after ");
      assertThat(directory.known().complete()).isTrue();
    }
  }

  @Test
  void anotherDomainWithoutPeers_isUp_onceItsWatchHasStoodForTheGrace() throws Exception {
    directory = directory(search(record("me", Map.of()), Map.of(), "far"));
    start();
    assertThat(directory.domains().get(1)).isEqualTo(new DomainStatus("far", false));
    settle(Duration.ofSeconds(16));
    assertThat(directory.domains().get(1)).isEqualTo(new DomainStatus("far", true));
    assertThat(directory.known().complete()).isTrue();
  }

  /** All of a floating network are registered in one further domain, and see it as their own. */
  @Test
  void aFloatingNetwork_findsItsPeersInItsHomeRegistry_andNotItself() throws Exception {
    far.register(record("me", Map.of(PeerLabels.INSTANCE, "1")));
    far.register(record("a", Map.of()));
    EndpointRecord self =
        EndpointRecord.of("me@far", SERVICE + "@far", Map.of(PeerLabels.INSTANCE, "2"), "tcp://m");
    PeerSearch search =
        new PeerSearch(() -> self, SERVICE + "@far", Map.of(), List.of("far", "farther"));
    directory = directory(search);
    start();
    assertThat(directory.known().names()).containsExactly("a@far");
    assertThat(directory.domains())
        .extracting(DomainStatus::domain)
        .containsExactly("far", "farther");
    assertThat(search.serviceOf(directory.known().find("a@far").orElseThrow().domain()))
        .isEqualTo(SERVICE + "@far");
  }

  @Test
  void domains_areSearchedEachByItself_andOursCountsFirst() throws Exception {
    directory = directory(search(record("me", Map.of()), Map.of(), "far", "farther"));
    far.register(record("a", Map.of()));
    far.register(record("b", Map.of()));
    far.register(record("me", Map.of()));
    register("a", Map.of());
    start();
    assertThat(directory.known().names()).containsExactly("a", "b@far");
    assertThat(directory.known().find("b")).isEmpty();
    assertThat(directory.known().namesakes("b").get(0).name()).isEqualTo("b@far");
    far.goAway();
    registry.unregister(record("a", Map.of()));
    assertThat(directory.known().names()).containsExactly("a@far", "b@far");
    assertThat(told).containsExactly("+a", "+b@far", "-a", "+a@far");
  }

  @Test
  void aDomainThatCannotBeReached_isWarnedOfOnce_andItsReturnTold() throws Exception {
    directory = directory(search(record("me", Map.of()), Map.of(), "far"));
    far.register(record("a", Map.of()));
    far.goAway();
    try (LogLines log = LogLines.of(PeerDirectory.class.getName())) {
      start();
      settle(Duration.ofMinutes(1));
      assertThat(far.watchesOpened()).isGreaterThan(3);
      assertThat(directory.domains())
          .containsExactly(new DomainStatus("", true), new DomainStatus("far", false));
      far.comeBack();
      settle(Duration.ofSeconds(10));
      assertThat(log.lines(Level.WARN))
          .hasSize(2)
          .first()
          .isEqualTo("peers of vl3@far: cannot be looked for: registry: away");
      assertThat(log.lines().get(1)).startsWith("peers of vl3@far: found again after ");
    }
    assertThat(directory.domains())
        .containsExactly(new DomainStatus("", true), new DomainStatus("far", true));
  }

  @Test
  void aDomainThatHasNotAnswered_isNotUp() throws Exception {
    assertThat(directory.domains()).containsExactly(new DomainStatus("", false));
  }

  @Test
  void aWatchThatMerelyBreaks_isNoWarning() throws Exception {
    try (LogLines log = LogLines.of(PeerDirectory.class.getName())) {
      start();
      registry.goAway();
      assertThat(directory.domains()).containsExactly(new DomainStatus("", false));
      registry.comeBack();
      settle(Duration.ofSeconds(1));
      assertThat(directory.domains()).containsExactly(new DomainStatus("", true));
      assertThat(log.lines()).containsExactly("peers of vl3: watch broke: registry: away");
    }
  }

  @Test
  void namesakesOfTwoDomains_areTwoPeers_andOurOwnNamesakeIsOneToo() throws Exception {
    EndpointRecord self = registry.register(record("me", Map.of(PeerLabels.INSTANCE, "1")));
    directory = directory(search(self, Map.of(), "far"));
    register("a", Map.of());
    timer.advance(Duration.ofNanos(1));
    far.register(record("a", Map.of()));
    far.register(record("me", Map.of(PeerLabels.INSTANCE, "2")));
    start();
    assertThat(directory.known().names()).containsExactly("a", "a@far", "me@far");
  }

  @Test
  void ourselvesFoundInAnotherDomain_areNoPeer_whateverRunOfUsIsKnownThere() throws Exception {
    EndpointRecord self = registry.register(record("me", Map.of(PeerLabels.INSTANCE, "2")));
    directory = directory(search(self, Map.of(), "far"));
    far.register(record("me", Map.of(PeerLabels.INSTANCE, "1")));
    start();
    assertThat(directory.known().names()).isEmpty();
    far.forget("me");
    timer.advance(Duration.ofSeconds(1));
    far.register(record("me", Map.of(PeerLabels.INSTANCE, "2")));
    assertThat(directory.known().names()).isEmpty();
  }

  private static PeerSearch search(
      EndpointRecord self, Map<String, String> labels, String... domains) {
    return new PeerSearch(() -> self, SERVICE, labels, List.of(domains));
  }

  private void start() {
    directory.listen(new Noting());
    directory.start();
    executor.runAll();
  }

  private void settle(Duration time) {
    for (Duration step = Duration.ZERO; step.compareTo(time) < 0; step = step.plusMillis(100)) {
      timer.advance(Duration.ofMillis(100));
      executor.runAll();
    }
  }

  private void register(String name, Map<String, String> labels) throws Exception {
    registry.register(record(name, labels));
  }

  private static EndpointRecord record(String name, Map<String, String> labels) {
    return EndpointRecord.of(name, SERVICE, labels, "tcp://" + name);
  }

  private PeerDirectory directory(PeerSearch search) {
    Registry all =
        new FakeDomains(registry, Map.of("far", far, "farther", new FakeRegistry(timer)));
    return new PeerDirectory(
        all, search, PeerDirectory.Settings.DEFAULT, executor, timer, new Random(1), Reporter.NONE);
  }

  private final class Noting implements PeerDirectory.Listener {
    @Override
    public void onArrival(EndpointRecord peer) {
      told.add("+" + peer.name());
    }

    @Override
    public void onChange(EndpointRecord before, EndpointRecord after) {
      told.add("~" + after.name());
    }

    @Override
    public void onDeparture(EndpointRecord peer) {
      told.add("-" + peer.name());
    }
  }
}
