package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.Reporter;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.FakeRegistry;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerSearch;
import io.vl3.registry.Registry;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TestTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keeping an endpoint registered where its network service is not ours to register. */
class RegistrationTest {

  private final FakeTimer timer = new FakeTimer();
  private final FakeRegistry endpoints = new FakeRegistry(timer);
  private final Services registry = new Services(endpoints);
  private final LogLines log = LogLines.of(Registration.class.getPackageName());
  private TestTransport transport;
  private Registration registration;

  @BeforeEach
  void prepare() throws Exception {
    transport = new TestTransport();
    registration = registration(registry);
  }

  private Registration registration(Registry at) {
    return registration(at, () -> {});
  }

  private Registration registration(Registry at, Runnable granted) {
    return new Registration(
        NsmRuntime.of(timer, Runnable::run, transport.options(), new Random(1)),
        at,
        EndpointRecord.of("nse", "vl3", Map.of(), "tcp://127.0.0.1:1"),
        List.of(NetworkServiceRecord.of("vl3")),
        false,
        granted);
  }

  @AfterEach
  void stop() throws Exception {
    registration.close();
    transport.close();
    log.close();
  }

  @Test
  void theEndpointIsRegistered_thoughTheServiceIsAnothers_whichIsToldOnce() throws Exception {
    registry.refusal =
        Optional.of(new EndpointException(Reason.DENIED, "vl3: it belongs to another"));
    registration.start();
    assertThat(registration.first()).isCompleted();
    for (int i = 0; i < 4; i++) {
      endpoints.goAway();
      endpoints.comeBack();
      timer.advance(Duration.ofMinutes(1));
    }

    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
    assertThat(registry.asked).isGreaterThan(3);
    assertThat(log.lines(Level.WARN)).noneMatch(line -> line.contains("network service"));
    assertThat(log.lines(Level.INFO).stream().filter(line -> line.contains("network service")))
        .containsExactly(
            "endpoint nse: network service vl3 belongs to who registered it first, and stays as it"
                + " is; this endpoint serves it all the same [vl3: it belongs to another]");
  }

  /** As with an SVID that has ended: it is denied whatever it asks. */
  @Test
  void whoIsNotRegisteredItself_saysNothingOfTheService() throws Exception {
    registry.refusal =
        Optional.of(new EndpointException(Reason.DENIED, "no sufficient privileges"));
    endpoints.goAway();
    registration.start();
    timer.advance(Duration.ofMinutes(1));
    registry.refusal = Optional.empty();
    endpoints.comeBack();
    timer.advance(Duration.ofMinutes(1));

    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
    assertThat(log.lines(Level.WARN)).isNotEmpty();
    assertThat(log.lines(Level.INFO)).noneMatch(line -> line.contains("vl3 belongs to"));
  }

  @Test
  void anyOtherFailureOfTheService_keepsTheEndpointWaiting() throws Exception {
    registry.refusal = Optional.of(new EndpointException(Reason.UNAVAILABLE, "registry: starting"));
    registration.start();
    assertThat(registry.find(EndpointQuery.ofName("nse"))).isEmpty();
    registry.refusal = Optional.empty();
    timer.advance(Duration.ofSeconds(10));
    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
  }

  @Test
  void whatKeepsUsFromRegistering_isWarnedOfOncePerCause_andItsEndTold() throws Exception {
    registry.refusal = Optional.of(new EndpointException(Reason.UNAVAILABLE, "registry: starting"));
    registration.start();
    timer.advance(Duration.ofMinutes(5));
    registry.refusal = Optional.of(new EndpointException(Reason.CONFLICT, "vl3: another kind"));
    timer.advance(Duration.ofMinutes(5));
    registry.refusal = Optional.empty();
    timer.advance(Duration.ofMinutes(30));

    assertThat(registry.asked).isGreaterThan(20);
    assertThat(warnings())
        .containsExactly(
            "endpoint nse: not registered: registry: starting",
            "endpoint nse: not registered: vl3: another kind",
            "endpoint nse: registered after ...");
  }

  @Test
  void aRegistryThatIsLostLater_isWarnedOfToo() throws Exception {
    registration.start();
    endpoints.goAway();
    timer.advance(Duration.ofMinutes(5));
    endpoints.comeBack();
    timer.advance(Duration.ofMinutes(5));

    assertThat(warnings())
        .containsExactly(
            "endpoint nse: not registered: registry: away", "endpoint nse: registered after ...");
  }

  /** How long it took depends on the pauses drawn. */
  private List<String> warnings() {
    return log.lines(Level.WARN).stream()
        .map(line -> line.replaceAll("after [0-9.]+ s$", "after ..."))
        .toList();
  }

  /** Asked without a pause it would answer the same without end. */
  @Test
  void aRegistryWhoseClockIsBehind_isAskedWithPauses() throws Exception {
    registry.behind = Duration.ofHours(1);
    registration.start();
    assertThat(registration.first()).isCompleted();
    timer.advance(Duration.ofMinutes(1));
    assertThat(registry.granted).hasValueBetween(2, 20);
    registry.behind = Duration.ZERO;
    timer.advance(Duration.ofMinutes(1));
    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
  }

  /** A registry takes the expiry that it is sent for the latest that is wanted (NSM v1). */
  @Test
  void theRegistrationLasts_overManyLifetimes() throws Exception {
    try (InMemoryRegistry real =
        new InMemoryRegistry(timer, Runnable::run, Duration.ofSeconds(60), domain -> endpoints)) {
      Gone gone = new Gone();
      real.watch(EndpointQuery.ofName("nse"), gone);
      Registration lasting = registration(real);
      lasting.start();
      for (int second = 0; second < 600; second++) {
        timer.advance(Duration.ofSeconds(1));
        assertThat(real.find(EndpointQuery.ofName("nse"))).as("after %d s", second).hasSize(1);
      }
      assertThat(gone.names).isEmpty();
      lasting.close();
    }
    assertThat(log.lines(Level.WARN)).isEmpty();
  }

  /** The registry shows our registration, and nobody's again, before we know our name. */
  @Test
  void whoHasTheNameThatWeAskedFor_isAPeer_onceWeAreGrantedAnother() throws Exception {
    try (InMemoryRegistry real =
        new InMemoryRegistry(timer, Runnable::run, Duration.ofSeconds(60), domain -> endpoints)) {
      real.register(EndpointRecord.of("nse", "vl3", Map.of(), "tcp://127.0.0.1:2"));
      AtomicReference<Runnable> granted = new AtomicReference<>(() -> {});
      Registration late = registration(real, () -> granted.get().run());
      PeerSearch search = new PeerSearch(late::current, "vl3", Map.of(), List.of());
      try (PeerDirectory directory =
          new PeerDirectory(
              real,
              search,
              PeerDirectory.Settings.DEFAULT,
              Runnable::run,
              timer,
              new Random(1),
              Reporter.NONE)) {
        granted.set(directory::ownNameMayHaveChanged);
        directory.start();
        assertThat(directory.known().names()).as("taken for ourselves").isEmpty();
        late.start();
        assertThat(late.current().name()).isNotEqualTo("nse");
        assertThat(directory.known().names()).containsExactly("nse");
      }
      late.close();
    }
  }

  @Test
  void aRegistryThatDropsUsAgainAndAgain_isAskedWithPauses_andWarnedOfOnce() throws Exception {
    registration.start();
    registry.drops = true;
    endpoints.unregister(registration.current());
    timer.advance(Duration.ofMinutes(5));
    int asked = registry.granted.get();
    assertThat(asked).isBetween(10, 150);
    registry.drops = false;
    timer.advance(Duration.ofMinutes(30));

    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
    assertThat(log.lines(Level.WARN))
        .hasSize(2)
        .satisfies(
            lines -> {
              assertThat(lines.get(0))
                  .isEqualTo(
                      "endpoint nse: dropped by the registry (expected: kept until its refresh)");
              assertThat(lines.get(1))
                  .matches("endpoint nse: stays registered again after [0-9]+ s");
            });
  }

  @Test
  void aNetworkService_isRegisteredOnce_andAgainWhereTheRegistryMayHaveLostIt() throws Exception {
    registration.start();
    timer.advance(Duration.ofHours(1));
    assertThat(registry.granted).hasValueGreaterThan(5);
    assertThat(registry.asked).isEqualTo(1);
    endpoints.goAway();
    endpoints.comeBack();
    timer.advance(Duration.ofMinutes(1));
    int afterItsReturn = registry.asked;
    assertThat(afterItsReturn).isGreaterThan(1);
    endpoints.unregister(registration.current());
    assertThat(registry.asked).isEqualTo(afterItsReturn + 1);
  }

  @Test
  void aNetworkService_thatTheRegistryForgetsSilently_isRegisteredAgainWithTheNextRefresh()
      throws Exception {
    registration.start();
    endpoints.unregisterService("vl3");
    timer.advance(Duration.ofMinutes(10));
    assertThat(registry.asked).isEqualTo(2);
    assertThat(endpoints.findService("vl3")).isPresent();
    timer.advance(Duration.ofHours(1));
    assertThat(registry.asked).as("and then left alone").isEqualTo(2);
  }

  @Test
  void aNetworkService_thatCannotBeLookedUp_isTakenToStand() throws Exception {
    registry.findFailing = true;
    registration.start();
    timer.advance(Duration.ofHours(1));
    assertThat(registry.asked).isEqualTo(1);
    assertThat(registry.granted).hasValueGreaterThan(5);
  }

  @Test
  void aNameThatTheRegistryChanges_isTheOneThatIsWatched() throws Exception {
    registration.start();
    registry.named = "nse-1";
    timer.advance(Duration.ofMinutes(8));
    assertThat(registration.current().name()).isEqualTo("nse-1");
    assertThat(endpoints.watching()).isEqualTo(1);
    int granted = registry.granted.get();
    endpoints.unregister(registration.current());
    assertThat(registry.granted).hasValue(granted + 1);
    assertThat(registry.find(EndpointQuery.ofName("nse-1"))).hasSize(1);
  }

  /** The end closes the watch first, at which the registry answers here. */
  @Test
  void whatIsGrantedWhileItEnds_isGivenBackBeforeTheEnd() throws Exception {
    registration.start();
    CountDownLatch asking = new CountDownLatch(1);
    CountDownLatch ending = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    registry.beforeRegister =
        () -> {
          asking.countDown();
          await(ending);
          assertThat(isSoon(ended)).as("ended before the registry has answered").isFalse();
        };
    registry.afterWatch = ending::countDown;
    CompletableFuture<Void> refreshing =
        CompletableFuture.runAsync(
            () -> timer.advance(Duration.ofMinutes(30)), transport.executor());
    await(asking);
    registration.close();
    ended.countDown();

    assertThat(registry.granted).hasValue(2);
    assertThat(registry.find(EndpointQuery.ofName("nse"))).isEmpty();
    refreshing.get(60, TimeUnit.SECONDS);
    assertThat(registry.find(EndpointQuery.ofName("nse"))).isEmpty();
  }

  private static boolean isSoon(CountDownLatch latch) {
    try {
      return latch.await(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Who has left. */
  private static final class Gone implements Registry.Listener {

    final List<String> names = new ArrayList<>();

    @Override
    public void onPresent(EndpointRecord endpoint) {}

    @Override
    public void onGone(EndpointRecord endpoint) {
      names.add(endpoint.name());
    }

    @Override
    public void onEnd(Throwable cause) {}
  }

  /** A registry that refuses network services, or whose clock is behind, or that forgets. */
  private static final class Services implements Registry {

    private final FakeRegistry registry;
    Optional<EndpointException> refusal = Optional.empty();
    Duration behind = Duration.ZERO;
    Runnable beforeRegister = () -> {};
    Runnable afterWatch = () -> {};
    final AtomicInteger granted = new AtomicInteger();
    int asked;
    String named = "";
    boolean drops;
    boolean findFailing;

    Services(FakeRegistry registry) {
      this.registry = registry;
    }

    @Override
    public NetworkServiceRecord registerService(NetworkServiceRecord service)
        throws EndpointException {
      asked++;
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      return registry.registerService(service);
    }

    @Override
    public Optional<NetworkServiceRecord> findService(String name) throws EndpointException {
      if (findFailing) {
        throw new EndpointException(Reason.DENIED, "registry: not for you");
      }
      return registry.findService(name);
    }

    @Override
    public void unregisterService(String name) throws EndpointException {
      registry.unregisterService(name);
    }

    @Override
    public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
      beforeRegister.run();
      EndpointRecord record =
          registry.register(named.isEmpty() ? endpoint : endpoint.withName(named));
      granted.incrementAndGet();
      if (drops) {
        registry.unregister(record);
      }
      return record.withTimes(record.expires().map(at -> at.minus(behind)), record.registered());
    }

    @Override
    public void unregister(EndpointRecord endpoint) throws EndpointException {
      registry.unregister(endpoint);
    }

    @Override
    public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
      return registry.find(query);
    }

    @Override
    public Subscription watch(EndpointQuery query, Listener listener) {
      Subscription watch = registry.watch(query, listener);
      return () -> {
        watch.close();
        afterWatch.run();
      };
    }
  }
}
