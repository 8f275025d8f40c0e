package io.vl3.nsm.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import io.vl3.registry.Registry;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The registry of NSM 0.2 as ours sees it. */
class LegacyRegistryTest {

  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final EndpointRecord WANTED =
      EndpointRecord.of("nse", "vl3", Map.of("app", "a", PeerLabels.INSTANCE, "run-1"), "");

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();

  private final FakeTimer timer = new FakeTimer();
  private final EndpointNames names = new EndpointNames();
  private final Told told = new Told();
  private FakeDomain02 domain;
  private LegacyRegistry registry;

  @BeforeEach
  void start() throws Exception {
    domain = rig.closing(new FakeDomain02(rig.runtime(), "n1", FakeForwarder02.NONE));
    Workspace workspace = domain.manager().workspace("ws");
    var manager = rig.runtime().dial(workspace.manager().toString());
    var discovery = rig.runtime().withInsecure().dial(domain.discoveryUrl());
    rig.closing(manager::shutdownNow);
    rig.closing(discovery::shutdownNow);
    registry =
        new LegacyRegistry(
            manager,
            discovery,
            names,
            new LegacyRegistry.Times(Duration.ofSeconds(15), INTERVAL),
            timer,
            Runnable::run);
  }

  @Test
  void aNameIsGiven_andKeptWhenTheRegistryHasForgottenIt() throws Exception {
    EndpointRecord granted = registry.register(WANTED);
    assertThat(granted.name()).isEqualTo("vl3n1a");

    assertThat(registry.register(granted)).isEqualTo(granted);
    assertThat(domain.registry().names()).containsExactly("vl3n1a");

    domain.registry().remove("vl3n1a");
    assertThat(registry.register(granted)).isEqualTo(granted);
    assertThat(domain.registry().names()).containsExactly("vl3n1a");
  }

  @Test
  void ownLabelsHaveAnotherPrefixThere_whichKubernetesTakes() throws Exception {
    EndpointRecord granted = registry.register(WANTED);

    assertThat(domain.registry().endpoint("vl3n1a").getLabelsMap())
        .isEqualTo(Map.of("app", "a", "vl3.nse/instance", "run-1", "networkservicename", "vl3"));
    EndpointRecord found = registry.find(EndpointQuery.ofService("vl3")).get(0);
    assertThat(found.instance()).contains("run-1");
    assertThat(found.name()).isEqualTo(granted.name());
  }

  @Test
  void anEndpointOfSeveralRegistries_hasOneNameInAll() throws Exception {
    EndpointRecord several = WANTED.withLabel(PeerLabels.REGISTRIES, PeerLabels.SEVERAL);

    assertThat(registry.register(several).name()).isEqualTo("nse");
    assertThat(domain.registry().names()).containsExactly("vl3n1a");
    assertThat(registry.find(EndpointQuery.ofService("vl3")))
        .extracting(EndpointRecord::name)
        .containsExactly("nse");
  }

  @Test
  void anUnknownServiceHasNoEndpoints_andARegistryThatIsAwayIsAFailure() throws Exception {
    assertThat(registry.find(EndpointQuery.ofService("nobody"))).isEmpty();
    assertThat(registry.findService("nobody")).isEmpty();

    domain.registry().down(true);
    EndpointException failure =
        catchThrowableOfType(
            EndpointException.class, () -> registry.find(EndpointQuery.ofService("vl3")));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void endpointsOfAnotherDomain_areNamedByIt() throws Exception {
    FakeDomain02 other = rig.closing(new FakeDomain02(rig.runtime(), "n2", FakeForwarder02.NONE));
    domain.registry().domain("two", other.registry());
    LegacyManager there = other.access("ws");
    var unused = there.registry().register(WANTED);

    assertThat(registry.find(EndpointQuery.ofService("vl3@two")))
        .extracting(EndpointRecord::name)
        .containsExactly("vl3n2a@two");
    assertThat(names.find("vl3@two", "vl3n2a")).map(EndpointNames.Found::manager).contains("n2");
  }

  @Test
  void aWatchTellsWhatRepeatedSearchesFind() throws Exception {
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("vl3"), told);
    assertThat(told.lines).containsExactly("synced");

    EndpointRecord granted = registry.register(WANTED);
    timer.advance(INTERVAL);
    timer.advance(INTERVAL);
    assertThat(told.lines).containsExactly("synced", "+vl3n1a");

    registry.unregister(granted);
    registry.unregister(granted);
    timer.advance(INTERVAL);
    assertThat(told.lines).containsExactly("synced", "+vl3n1a", "-vl3n1a");

    domain.registry().down(true);
    timer.advance(INTERVAL);
    assertThat(told.lines).last().asString().startsWith("end registry: down");
    assertThat(timer.pending()).isZero();
    watch.close();
  }

  @Test
  void whoeverWatchesForUs_isToldThatWeAreGone_alsoBeforeTheFirstSearch() throws Exception {
    EndpointRecord granted = registry.register(WANTED);
    domain.registry().remove(granted.name());
    Registry.Subscription watch = registry.watch(EndpointQuery.ofName(granted.name()), told);

    assertThat(told.lines).containsExactly("-vl3n1a", "synced");
    watch.close();
  }

  @Test
  void aWatchThatIsHurried_searchesNow_andGoesOnAsBefore() throws Exception {
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("vl3"), told);
    EndpointRecord granted = registry.register(WANTED);
    assertThat(registry.hasTold(granted.name())).isFalse();

    assertThat(registry.hurry()).isCompleted();
    assertThat(registry.hasTold(granted.name())).isTrue();
    assertThat(told.lines).containsExactly("synced", "+vl3n1a");
    assertThat(timer.pending()).isOne();

    watch.close();
    assertThat(registry.hurry()).isCompleted();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void aWatchThatIsClosed_searchesNoMore() {
    Registry.Subscription watch = registry.watch(EndpointQuery.ofService("vl3"), told);
    watch.close();

    assertThat(timer.pending()).isZero();
  }

  private static final class Told implements Registry.Listener {

    final List<String> lines = new ArrayList<>();

    @Override
    public void onPresent(EndpointRecord endpoint) {
      lines.add("+" + endpoint.name());
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      lines.add("-" + endpoint.name());
    }

    @Override
    public void onSynced() {
      lines.add("synced");
    }

    @Override
    public void onEnd(Throwable cause) {
      lines.add("end " + cause.getMessage());
    }
  }
}
