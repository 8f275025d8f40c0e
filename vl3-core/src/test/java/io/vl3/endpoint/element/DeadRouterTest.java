package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.IpContext;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.Route;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.time.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An endpoint that died while its router lives on: it answers pings itself, whatever becomes of the
 * packets that are to go on from there.
 */
class DeadRouterTest {

  private static final IpAddress ROUTER = IpAddress.parse("10.1.0.0");
  private static final IpAddress PEER = IpAddress.parse("10.2.0.0");
  private static final IpAddress OTHER_PEER = IpAddress.parse("10.3.0.0");
  private static final Duration LOOKS = Duration.ofSeconds(10);

  private final ChainRig rig = new ChainRig();
  private final Manager manager = new Manager();
  private final Pings pings = new Pings();
  private List<IpAddress> named = List.of(PEER, OTHER_PEER);

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("timers", rig.timer::pending)
          .empty("tasks", rig.executor::size)
          .empty("sessions", () -> rig.runner().size());

  @Test
  void packetsEndThere_anotherEndpointIsAskedFor() throws EndpointException {
    Connection made = start();
    manager.endpointDies();
    pings.answering.put(PEER, 0);
    attempts(2);
    assertThat(manager.asked).containsExactly("nse", "-");
    assertThat(manager.serving).isEqualTo("other");
    rig.close(made);
  }

  @Test
  void packetsPass_theEndpointIsWaitedFor_andServesAgainWhenItReturns() throws EndpointException {
    Connection made = start();
    manager.endpointDies();
    attempts(30);
    manager.dead = false;
    attempts(1);
    assertThat(manager.asked).hasSize(31).containsOnly("nse");
    rig.close(made);
  }

  @Test
  void packetsEndThere_butTheEndpointAnswers_itIsKept() throws EndpointException {
    Connection made = start();
    pings.answering.clear();
    manager.tell(ConnectionState.DOWN);
    attempts(1);
    assertThat(manager.asked).containsExactly("nse");
    rig.close(made);
  }

  @Test
  void wayIsCutLater_isNoticedThen() throws EndpointException {
    Connection made = start();
    manager.endpointDies();
    attempts(10);
    pings.answering.put(OTHER_PEER, 0);
    attempts(1);
    assertThat(manager.serving).isEqualTo("other");
    rig.close(made);
  }

  @Test
  void oneOrTwoPingsLost_theEndpointIsWaitedFor() throws EndpointException {
    Connection made = start();
    manager.endpointDies();
    pings.lost.put(PEER, 2);
    attempts(10);
    assertThat(manager.asked).hasSize(10).containsOnly("nse");
    rig.close(made);
  }

  @Test
  void addressThatNeverAnswered_isNotMissed() throws EndpointException {
    pings.answering.put(PEER, 0);
    Connection made = start();
    manager.endpointDies();
    attempts(10);
    assertThat(manager.asked).hasSize(10).containsOnly("nse");
    rig.close(made);
  }

  @Test
  void addressThatWentSilentBeforeTheDeath_isNotMissed() throws EndpointException {
    Connection made = start();
    pings.answering.put(PEER, 0);
    rig.advance(LOOKS);
    manager.endpointDies();
    attempts(10);
    assertThat(manager.asked).hasSize(10).containsOnly("nse");
    rig.close(made);
  }

  @Test
  void addressThatAnswersLate_isLookedAtSoonAgain_butNotForEver() throws EndpointException {
    pings.lost.put(PEER, 2);
    Connection made = start();
    rig.advance(Duration.ofSeconds(1));
    rig.advance(Duration.ofSeconds(2));
    manager.endpointDies();
    pings.answering.put(PEER, 0);
    attempts(2);
    assertThat(manager.serving).isEqualTo("other");
    rig.close(made);
  }

  @Test
  void routersOwnAddress_andOneThatNoRouteLeadsTo_areNotAsked() throws EndpointException {
    named = List.of(ROUTER, IpAddress.parse("192.0.2.1"));
    Connection made = start();
    assertThat(pings.asked).isEmpty();
    rig.close(made);
  }

  @Test
  void managerAway_saysNothingOfTheEndpoint() throws EndpointException {
    Connection made = start();
    manager.dead = true;
    manager.breakStream();
    pings.answering.clear();
    attempts(10);
    assertThat(manager.asked).hasSize(10).containsOnly("nse");
    rig.close(made);
  }

  @Test
  void nobodyNamed_nothingIsLookedAt() throws EndpointException {
    named = List.of();
    Connection made = start();
    assertThat(rig.timer.pending()).isZero();
    rig.close(made);
  }

  @Test
  void namedWithARefresh_isLookedAtFromThenOn() throws EndpointException {
    named = List.of();
    Connection made = start();
    named = List.of(PEER);
    rig.request(made);
    rig.advance(Duration.ZERO);
    assertThat(pings.asked).containsExactly(PEER);
    rig.advance(LOOKS);
    assertThat(pings.asked).containsExactly(PEER, PEER);
    rig.close(made);
  }

  @Test
  void deletedWhileItIsWaitedFor_isAskedAtOnce() throws EndpointException {
    Connection made = start();
    manager.endpointDies();
    attempts(8);
    int before = manager.asked.size();
    manager.tell(new ConnectionEvent(ConnectionEvent.Type.DELETE, List.of(made)));
    rig.advance(Duration.ZERO);
    assertThat(manager.asked).hasSize(before + 1);
    rig.advance(Duration.ZERO);
    assertThat(manager.asked).as("and then with pauses").hasSize(before + 1);
    rig.close(made);
  }

  @Test
  void saidToBeDownWhileItIsWaitedFor_isNoReasonToHurry() throws EndpointException {
    Connection made = start();
    manager.endpointDies();
    attempts(8);
    int before = manager.asked.size();
    manager.tell(ConnectionState.DOWN);
    rig.advance(Duration.ZERO);
    assertThat(manager.asked).hasSize(before);
    rig.close(made);
  }

  private Connection start() throws EndpointException {
    rig.run(
        Paths.named("client", rig.timer, Duration.ofMinutes(10)),
        new HealConnection(
            manager,
            rig.timer,
            pings,
            rig.executor,
            new BackOff(Duration.ofMillis(200), Duration.ofSeconds(2)),
            new Random(7),
            false),
        manager);
    Connection made = rig.request(Connection.to("service"));
    rig.advance(Duration.ZERO);
    manager.asked.clear();
    return made;
  }

  /** Until as many more requests have come; the looks come in between. */
  private void attempts(int count) {
    int wanted = manager.asked.size() + count;
    for (int i = 0; i < 1000 && manager.asked.size() < wanted; i++) {
      rig.executor.runAll();
      if (manager.asked.size() < wanted) {
        rig.advance(rig.timer.untilNext());
      }
    }
    assertThat(manager.asked).hasSize(wanted);
  }

  /** Passes requests on to one of two endpoints, and shows the connection. */
  private final class Manager implements Endpoint, ConnectionMonitor {
    private final List<String> asked = new ArrayList<>();
    private final List<Listener> watching = new ArrayList<>();
    private String serving = "nse";
    private boolean dead;

    void endpointDies() {
      dead = true;
      tell(ConnectionState.DOWN);
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      String name = request.connection().endpointName();
      asked.add(name.isEmpty() ? "-" : name);
      if (dead && name.equals("nse")) {
        throw new EndpointException(Reason.UNAVAILABLE, "nse: connection refused");
      }
      serving = dead ? "other" : "nse";
      IpContext ip =
          IpContext.EMPTY
              .withAddresses(List.of(), List.of(InterfaceAddress.host(ROUTER)))
              .withRoutes(List.of(Route.to(IpPrefix.parse("10.0.0.0/8"))), List.of());
      return request
          .connection()
          .withEndpointName(serving)
          .withState(ConnectionState.UP)
          .withIp(ip)
          .withContext(request.connection().context().withIp(ip).withBeyond(named));
    }

    @Override
    public Subscription monitor(MonitorSelector selector, Listener listener) {
      watching.add(listener);
      return () -> watching.remove(listener);
    }

    void tell(ConnectionState state) {
      tell(
          new ConnectionEvent(
              ConnectionEvent.Type.UPDATE, List.of(Connection.to("service").withState(state))));
    }

    void tell(ConnectionEvent event) {
      List.copyOf(watching).forEach(listener -> listener.onEvent(event));
    }

    void breakStream() {
      List<Listener> broken = List.copyOf(watching);
      watching.clear();
      broken.forEach(
          listener -> listener.onEnd(new EndpointException(Reason.UNAVAILABLE, "stream: broken")));
    }
  }

  /** The router always answers; what lies beyond it as the test says. */
  private static final class Pings implements LivenessProbe {
    private final Map<IpAddress, Integer> answering = new HashMap<>(Map.of(PEER, 1, OTHER_PEER, 1));
    private final Map<IpAddress, Integer> lost = new HashMap<>();
    private final List<IpAddress> asked = new ArrayList<>();

    @Override
    public boolean alive(Connection connection) {
      return true;
    }

    @Override
    public boolean answers(Connection connection, IpAddress address) {
      asked.add(address);
      boolean isLost = lost.merge(address, -1, Integer::sum) >= 0;
      return !isLost && answering.getOrDefault(address, 0) > 0;
    }
  }
}
