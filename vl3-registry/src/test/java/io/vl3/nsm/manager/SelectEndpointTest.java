package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.nsm.internal.registry.RemoteDomains;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is asked for a connection whose endpoint is registered no more, or not again yet. */
class SelectEndpointTest {

  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final ConnectionId ID = new ConnectionId("w");

  /** Only its runtime is used. */
  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final ChainRig rig = new ChainRig();
  private final InMemoryRegistry registry =
      new InMemoryRegistry(rig.timer, rig.executor, LIFETIME, RemoteDomains.NONE);
  private final EndpointMemory memory = EndpointMemory.none();
  private final Endpoints endpoints = new Endpoints();

  @AfterEach
  void close() {
    registry.close();
    endpoints.close();
  }

  @Test
  void servedAndSilent_isNotFound_onceTheRegistryHasForgottenIt() throws Exception {
    start();
    register("a");
    Connection made = rig.request(workload());
    endpoints.dead.add("a");
    assertRefused(made, Reason.UNAVAILABLE);
    rig.advance(LIFETIME);
    assertRefused(made, Reason.NOT_FOUND);
  }

  @Test
  void servedAndForgotten_isKept_aslongAsItAnswers() throws Exception {
    start();
    register("a");
    Connection made = rig.request(workload());
    rig.advance(LIFETIME.multipliedBy(2));
    assertThat(rig.request(made).endpointName()).isEqualTo("a");
  }

  @Test
  void namedAfterARestart_isWaitedFor_asLongAsARegistrationLasts() throws Exception {
    start();
    register("b");
    Connection known = workload().withEndpointName("a");
    rig.advance(LIFETIME.minusSeconds(1));
    register("b");
    assertRefused(known, Reason.UNAVAILABLE);
    rig.advance(Duration.ofSeconds(1));
    assertRefused(known, Reason.NOT_FOUND);
  }

  @Test
  void rememberedAfterARestart_isGivenToNobodyElse_asLongAsARegistrationLasts() throws Exception {
    memory.put(ID, "a");
    start();
    register("b");
    rig.advance(LIFETIME.minusSeconds(1));
    register("b");
    assertRefused(workload(), Reason.UNAVAILABLE);
    register("a");
    assertThat(rig.request(workload()).endpointName()).isEqualTo("a");
  }

  @Test
  void remembered_whoStaysAway_isServedByAnotherAfterThat() throws Exception {
    memory.put(ID, "a");
    start();
    rig.advance(LIFETIME);
    register("b");
    assertThat(rig.request(workload()).endpointName()).isEqualTo("b");
  }

  @Test
  void whoWantsAnother_isNotMadeToWait() throws Exception {
    memory.put(ID, "a");
    start();
    register("b");
    Connection moved = workload().withState(ConnectionState.RESELECT_REQUESTED);
    assertThat(rig.request(moved).endpointName()).isEqualTo("b");
  }

  @Test
  void whoUnregistersItself_isWaitedForByNobody_howeverYoungTheManagerIs() throws Exception {
    memory.put(ID, "a");
    start();
    register("a");
    register("b");
    Connection made = rig.request(workload());
    assertThat(made.endpointName()).isEqualTo("a");
    registry.unregister(EndpointRecord.of("a", "svc", Map.of(), "unix:///nowhere/a"));
    endpoints.dead.add("a");
    assertRefused(made, Reason.NOT_FOUND);
    assertRefused(workload().withEndpointName("a").withId(new ConnectionId("x")), Reason.NOT_FOUND);
    register("a");
    endpoints.dead.clear();
    assertThat(rig.request(made).endpointName()).isEqualTo("a");
  }

  private void start() {
    rig.run(
        new SelectEndpoint(
            registry, memory, new OwnDomain(List::of), rig.timer, Duration.ofSeconds(10), LIFETIME),
        endpoints);
  }

  private void register(String name) throws EndpointException {
    registry.register(EndpointRecord.of(name, "svc", Map.of(), "unix:///nowhere/" + name));
  }

  private void assertRefused(Connection asked, Reason reason) {
    assertThatThrownBy(() -> rig.request(asked))
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Connection workload() {
    return Connection.to("svc").withId(ID);
  }

  /** What is behind: answers as whoever was chosen, unless that is dead. */
  private final class Endpoints implements Endpoint {
    private final Set<String> dead = new HashSet<>();
    private final Set<EndpointLines.Lease> leases = new HashSet<>();

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      Target target = session.get(Selection.KEY).orElseThrow().targets().get(0);
      if (dead.contains(target.name())) {
        throw new EndpointException(Reason.UNAVAILABLE, target.name() + " is away");
      }
      Connection answer = request.connection().withEndpointName(target.name());
      EndpointLines lines = new EndpointLines("m", nsm.runtime(), registry, new Deaf());
      EndpointLines.Lease lease = lines.acquire(target.url());
      leases.add(lease);
      session.put(Served.KEY, new Served(target, answer, lease));
      return answer;
    }

    void close() {
      leases.forEach(EndpointLines.Lease::close);
    }
  }

  /** Nobody is told. */
  private static final class Deaf implements EventSink {
    @Override
    public void tell(ConnectionId id, ConnectionState state) {}

    @Override
    public void closed(ConnectionId id) {}

    @Override
    public void over(ConnectionId id) {}
  }
}
