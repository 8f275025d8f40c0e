package io.vl3.nsm.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InMemoryRegistryTest {

  private static final Duration LIFETIME = Duration.ofSeconds(60);

  private final FakeTimer timer = new FakeTimer();
  private final ManualExecutor executor = new ManualExecutor();
  private final InMemoryRegistry remote =
      new InMemoryRegistry(timer, executor, LIFETIME, RemoteDomains.NONE);
  private final InMemoryRegistry registry =
      new InMemoryRegistry(
          timer,
          executor,
          LIFETIME,
          domain -> domain.equals("far:1") ? remote : RemoteDomains.NONE.registry(domain));

  @RegisterExtension final LeakCheck leaks = new LeakCheck().empty("watchers", registry::watchers);

  @Test
  void register_grantsTimes_andRefreshKeepsTheFirst() throws EndpointException {
    EndpointRecord first = registry.register(nse("a", "unix:///a"));
    timer.advance(Duration.ofSeconds(40));
    assertThat(registry.register(first).expires())
        .as("the latest wanted")
        .isEqualTo(first.expires());
    EndpointRecord second =
        registry.register(first.withTimes(Optional.empty(), first.registered()));

    assertThat(first.expires()).contains(timer.instant().plusSeconds(20));
    assertThat(second.registered()).isEqualTo(first.registered());
    assertThat(second.expires()).contains(timer.instant().plus(LIFETIME));
    assertThat(timer.pending()).isEqualTo(1);
  }

  @Test
  void entries_areBoundedInBytes_refreshesPass_andEverythingIsGivenBack() throws Exception {
    InMemoryRegistry small =
        new InMemoryRegistry(
            timer, executor, LIFETIME, RemoteDomains.NONE, new SharedMemory(800_000));
    EndpointRecord own = small.register(nse("own", "unix:///own").withOwners(List.of("uid:0")));
    String label = "x".repeat(10_000);
    EndpointException refusal =
        catchThrowableOfType(
            EndpointException.class,
            () -> {
              for (int i = 0; i < 1000; i++) {
                small.register(labelled("huge" + i, label));
              }
            });
    assertThat(refusal.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(refusal).hasMessageContaining("endpoint: huge");
    assertThat(small.usedBytes()).isBetween(100_000L, 400_000L);
    int size = small.size();
    assertThat(small.register(own).name()).isEqualTo("own");
    assertThat(small.register(nse("other", "unix:///o").withOwners(List.of("uid:0")))).isNotNull();
    assertThat(small.size()).isEqualTo(size + 1);

    timer.advance(LIFETIME);
    assertThat(small.usedBytes()).isZero();
    small.registerService(NetworkServiceRecord.of("s"));
    small.registerService(NetworkServiceRecord.of("s"));
    small.unregisterService("s");
    assertThat(small.usedBytes()).isZero();
    small.register(labelled("again", label));
    small.close();
    assertThat(small.usedBytes()).isZero();
  }

  private static EndpointRecord labelled(String name, String label) {
    return new EndpointRecord(
        name,
        Map.of("vl3", Map.of("label", label)),
        "unix:///huge",
        Optional.empty(),
        Optional.empty(),
        List.of("uid:7"));
  }

  @Test
  void register_afterLossOfMemory_keepsTheTimeThatTheCallerSends() throws EndpointException {
    Instant before = timer.instant().minusSeconds(500);
    EndpointRecord granted =
        registry.register(nse("a", "unix:///a").withTimes(Optional.empty(), Optional.of(before)));
    EndpointRecord future =
        registry.register(
            nse("b", "unix:///b")
                .withTimes(Optional.empty(), Optional.of(timer.instant().plusSeconds(1))));

    assertThat(granted.registered()).contains(before);
    assertThat(future.registered()).contains(timer.instant());
  }

  @Test
  void register_nameOfALiveOther_isChanged_andStaysSo() throws EndpointException {
    EndpointRecord mine = registry.register(nse("a", "unix:///a").withOwners(List.of("uid:1")));
    EndpointRecord other = registry.register(nse("a", "unix:///b").withOwners(List.of("uid:2")));
    EndpointRecord sameOwner =
        registry.register(nse("a", "unix:///c").withOwners(List.of("uid:1")));

    assertThat(mine.name()).isEqualTo("a");
    assertThat(other.name()).isEqualTo("a-1");
    assertThat(sameOwner.name()).isEqualTo("a-2");
    assertThat(registry.register(other).name()).isEqualTo("a-1");
    assertThat(registry.register(mine.withUrl("unix:///moved")).name()).isEqualTo("a");
  }

  @Test
  void unregister_ofAnother_isDenied() throws EndpointException {
    registry.register(nse("a", "unix:///a").withOwners(List.of("uid:1")));

    assertThatThrownBy(
            () -> registry.unregister(nse("a", "unix:///a").withOwners(List.of("uid:2"))))
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DENIED));
  }

  /** Nobody waits for a peer to fall silent and takes its place. */
  @Test
  void aNameWhoseRegistrationExpired_staysItsProvenOwners_untilThatGivesItBack()
      throws EndpointException {
    EndpointRecord mine = nse("a", "unix:///a").withOwners(List.of("spiffe://d/a", "spiffe://d/m"));
    EndpointRecord foreign =
        nse("a", "unix:///b").withOwners(List.of("spiffe://d/b", "spiffe://d/m"));
    registry.register(mine);
    timer.advance(Duration.ofHours(1));
    assertThat(registry.size()).isZero();

    assertDenied(() -> registry.register(foreign));
    registry.unregister(foreign);
    assertDenied(() -> registry.register(foreign));
    assertThat(registry.register(mine).name()).isEqualTo("a");

    timer.advance(Duration.ofHours(1));
    registry.unregister(mine);
    assertThat(registry.register(foreign).name()).isEqualTo("a");
  }

  /** A restarted endpoint of another user of this machine is no thief. */
  @Test
  void aNameWhoseRegistrationExpired_isFreeWhereNobodyProvesWhoHeIs() throws EndpointException {
    registry.register(nse("a", "unix:///a").withOwners(List.of("uid:1")));
    timer.advance(Duration.ofHours(1));
    assertThat(registry.register(nse("a", "unix:///a").withOwners(List.of("uid:2"))).name())
        .isEqualTo("a");
  }

  private static void assertDenied(ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .hasMessageContaining("it belongs to spiffe://d/a")
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DENIED));
  }

  @Test
  void unregister_ofNobody_isNoError() throws EndpointException {
    registry.unregister(nse("nobody", "unix:///a"));

    assertThat(registry.size()).isZero();
  }

  @Test
  void expiry_removesAndTellsWatchers() throws EndpointException {
    Told told = new Told();
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("svc"), told);
    registry.register(nse("a", "unix:///a"));
    timer.advance(LIFETIME);
    executor.runAll();
    watch.close();

    assertThat(registry.size()).isZero();
    assertThat(told.events).containsExactly("synced", "+a", "-a");
    assertThat(timer.pending()).isZero();
  }

  @Test
  void watch_showsARegistrationOnce_andAgainOnlyWhenMoreThanItsEndChanges()
      throws EndpointException {
    Told told = new Told();
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("svc"), told);
    EndpointRecord first = registry.register(nse("a", "unix:///a"));
    timer.advance(Duration.ofSeconds(40));
    EndpointRecord refreshed =
        registry.register(first.withTimes(Optional.empty(), first.registered()));
    executor.runAll();
    assertThat(refreshed.expires()).isNotEqualTo(first.expires());
    assertThat(told.events).containsExactly("synced", "+a");

    registry.register(refreshed.withUrl("unix:///moved"));
    executor.runAll();
    watch.close();
    assertThat(told.events).containsExactly("synced", "+a", "+a");
  }

  @Test
  void watch_startsWithWhatIsThere_andTellsOfWhatNoLongerMatches() throws EndpointException {
    registry.register(nse("a", "unix:///a"));
    Told told = new Told();
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("svc"), told);
    registry.register(EndpointRecord.of("a", "another", Map.of(), "unix:///a"));
    executor.runAll();
    watch.close();
    registry.register(nse("b", "unix:///b"));
    executor.runAll();

    assertThat(told.events).containsExactly("+a", "synced", "-a");
  }

  @Test
  void watch_thatIsTooSlow_endsAndSaysToSubscribeAgain() throws EndpointException {
    Told told = new Told();
    registry.watch(EndpointQuery.ofService("svc"), told);
    for (int i = 0; i < RegistryWatch.QUEUE + 2; i++) {
      registry.register(EndpointRecord.of("a", "svc", Map.of("turn", "" + i), "unix:///a"));
    }
    executor.runAll();

    assertThat(told.events).hasSize(1);
    assertThat(told.events.get(0)).contains("subscribe again");
    registry.close();
  }

  @Test
  void watch_whoseThreadsAreGone_isSilent_andFailsNeitherChangesNorTheClose()
      throws EndpointException {
    Executor gone =
        task -> {
          throw new RejectedExecutionException("terminated");
        };
    var ending = new InMemoryRegistry(timer, gone, LIFETIME, RemoteDomains.NONE);
    Told told = new Told();
    ending.watch(EndpointQuery.ofService("svc"), told);
    ending.register(nse("a", "unix:///a"));
    ending.close();

    assertThat(told.events).isEmpty();
    assertThat(ending.watchers()).isZero();
  }

  @Test
  void otherDomain_isAskedThere_andNamedSo() throws EndpointException {
    remote.register(nse("r", "unix:///r"));
    Told told = new Told();
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("svc@far:1"), told);
    executor.runAll();
    watch.close();

    List<EndpointRecord> found = registry.find(EndpointQuery.ofService("svc@far:1"));
    assertThat(found).extracting(EndpointRecord::name).containsExactly("r@far:1");
    assertThat(found).extracting(EndpointRecord::url).containsExactly("tcp://far:1");
    assertThat(told.events).containsExactly("+r@far:1", "synced");
    assertThat(remote.watchers()).isZero();
    assertThat(registry.find(EndpointQuery.ofName("r@far:1"))).hasSize(1);
    assertThat(registry.find(EndpointQuery.ofService("svc"))).isEmpty();
  }

  @Test
  void unknownDomain_endsTheWatchWithTheCause() {
    Told told = new Told();
    registry.watch(EndpointQuery.ofService("svc@nowhere"), told);
    executor.runAll();

    assertThat(told.events).hasSize(1);
    assertThat(told.events.get(0)).contains("domain: nowhere");
  }

  @Test
  void names_thatCannotBe_areInvalid() {
    for (EndpointRecord bad :
        List.of(
            nse("", "unix:///a"),
            nse("a@b", "unix:///a"),
            new EndpointRecord(
                "a", Map.of(), "unix:///a", Optional.empty(), Optional.empty(), List.of()))) {
      assertThatThrownBy(() -> registry.register(bad))
          .isInstanceOfSatisfying(
              EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
    }
    assertThatThrownBy(() -> registry.registerService(NetworkServiceRecord.of("a@b")))
        .isInstanceOf(EndpointException.class);
  }

  private static EndpointRecord nse(String name, String url) {
    return EndpointRecord.of(name, "svc", Map.of("app", "x"), url);
  }

  /** Keeps what it is told as text. */
  private static final class Told implements Registry.Listener {
    final List<String> events = new ArrayList<>();

    @Override
    public void onPresent(EndpointRecord endpoint) {
      events.add("+" + endpoint.name());
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      events.add("-" + endpoint.name());
    }

    @Override
    public void onSynced() {
      events.add("synced");
    }

    @Override
    public void onEnd(Throwable cause) {
      events.add("end: " + cause.getMessage());
    }
  }
}
