package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.FakeDataPlane;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkProgram;
import io.vl3.dataplane.Links;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.time.BackOff;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every element of a server chain and of a client chain fails in turn, on the way in and on the way
 * back, on the first request and on a refresh. The places come from the chain's own description.
 */
class FaultTest {

  private static final Duration LIFE = Duration.ofMinutes(10);

  @TestFactory
  Stream<DynamicTest> firstRequest_failingAnywhere_leavesNothing() {
    return everywhere(
        1,
        (world, fault) -> {
          world.runWith(fault);
          assertThatThrownBy(world::request).hasMessageContaining("fault");
          assertThat(world.leftovers()).isEqualTo(World.NOTHING);
          Connection made = world.request(); // and it works the next time
          world.close(made);
          assertThat(world.leftovers()).isEqualTo(World.NOTHING);
        });
  }

  @TestFactory
  Stream<DynamicTest> refresh_failingAnywhere_leavesTheConnectionAsItWas() {
    return everywhere(
        2,
        (world, fault) -> {
          world.runWith(fault);
          Connection made = world.request();
          String before = world.leftovers();
          String links = world.plane.state();
          assertThatThrownBy(() -> world.moveAddress(made)).hasMessageContaining("fault");
          assertThat(world.leftovers()).isEqualTo(before);
          assertThat(world.plane.state()).isEqualTo(links);
          assertThat(world.rig.runner().connections()).containsExactly(made.withoutProofs());
          world.close(made);
          assertThat(world.leftovers()).isEqualTo(World.NOTHING);
        });
  }

  private static Stream<DynamicTest> everywhere(int call, Check check) {
    return Stream.of(true, false)
        .flatMap(server -> places(server).flatMap(place -> faults(server, place, call, check)));
  }

  private static Stream<Integer> places(boolean server) {
    int size = new World(server).chain().description().flatten().size();
    return Stream.iterate(0, place -> place <= size, place -> place + 1);
  }

  private static Stream<DynamicTest> faults(boolean server, int place, int call, Check check) {
    List<String> names =
        new World(server)
            .chain().description().flatten().stream().map(element -> element.name()).toList();
    String where =
        (server ? "server" : "client")
            + (place < names.size() ? " before " + names.get(place) : " at the end");
    Map<String, IntFunction<FailAt>> kinds =
        Map.of(" in", FailAt::request, " back", FailAt::answer);
    return kinds.entrySet().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    where + kind.getKey(),
                    () ->
                        check.run(
                            new World(server),
                            chain -> chain.inserting(place, kind.getValue().apply(call)))));
  }

  @Test
  void refreshOfTheServerChain_reallyMovesTheAddress() throws EndpointException {
    World world = new World(true);
    world.runWith(chain -> chain);
    Connection made = world.request();
    String links = world.plane.state();
    world.moveAddress(made);
    assertThat(world.plane.state()).isNotEqualTo(links);
    world.close(made);
    assertThat(world.leftovers()).isEqualTo(World.NOTHING);
  }

  /** What is checked with a fault at one place. */
  private interface Check {
    void run(World world, Fault fault) throws Exception;
  }

  /** Puts the fault into a chain. */
  private interface Fault {
    EndpointChain into(EndpointChain chain);
  }

  /** One chain with all its stores. */
  private static final class World {

    static final String NOTHING =
        "sessions=0 ids=0 timers=0 board=0 pool=0 links=0 programmed=0 unremoved=0 onward=0 streams=0";

    private final ChainRig rig = new ChainRig();
    private final FakeDataPlane plane = new FakeDataPlane();
    private final LinkProgram program = new LinkProgram(plane);
    private final ConnectionBoard board = new ConnectionBoard(rig.executor, 16);
    private final ConnectionBoard remoteBoard = new ConnectionBoard(rig.executor, 16);
    private final Onward onward = new Onward();
    private final UpdatePath path = Paths.named("own", rig.timer, LIFE);
    private final IpamEndpoint ipam =
        IpamEndpoint.of(
            FixedPrefixes.of(IpPrefix.parse("10.0.0.0/24")), AddressingMode.POINT_TO_POINT);
    private final boolean server;
    private String address = "10.0.0.1/32";

    World(boolean server) {
      this.server = server;
    }

    EndpointChain chain() {
      return server ? serverChain() : clientChain();
    }

    private EndpointChain serverChain() {
      return EndpointChain.of(
          "server",
          path,
          new ExpireConnection(rig.timer, Duration.ofSeconds(1)),
          PublishConnection.on(board),
          EndpointChain.part(
              "link",
              new ProgramLink(program, this::link, rig.timer, Duration.ofSeconds(5)),
              ipam,
              new OfferKernelInterface("file:///run/netns/nse", "vl3-"),
              new SetDnsContext(List.of())));
    }

    private EndpointChain clientChain() {
      return EndpointChain.of(
          "client",
          path,
          new RefreshConnection(rig.timer),
          new HealConnection(
              remoteBoard,
              rig.timer,
              LivenessProbe.NONE,
              rig.executor,
              new BackOff(Duration.ofMillis(100), Duration.ofSeconds(1)),
              new Random(1),
              false),
          new ProgramLink(program, this::link, rig.timer, Duration.ofSeconds(5)),
          onward);
    }

    void runWith(Fault fault) {
      rig.run(fault.into(chain()));
    }

    Connection request() throws EndpointException {
      return refresh(rig.connection("c"));
    }

    Connection refresh(Connection connection) throws EndpointException {
      Mechanism kernel = Mechanism.local(Mechanism.KERNEL, Map.of());
      return rig.request(
          ConnectionRequest.of(connection).withMechanismPreferences(List.of(kernel)));
    }

    /**
     * A refresh that changes address and link on its way: in the client chain by the link alone.
     */
    void moveAddress(Connection connection) throws EndpointException {
      address = "10.0.0.9/32";
      List<IpPrefix> inUse =
          connection.ip().clientAddresses().stream().map(InterfaceAddress::network).toList();
      refresh(connection.withIp(connection.ip().withExcludedPrefixes(inUse)));
    }

    void close(Connection connection) throws EndpointException {
      rig.close(connection);
    }

    String leftovers() {
      return "sessions=%d ids=%d timers=%d board=%d pool=%d links=%d programmed=%d unremoved=%d onward=%d streams=%d"
          .formatted(
              rig.runner().size(),
              path.size(),
              rig.timer.pending(),
              board.size(),
              ipam.live(),
              program.size(),
              plane.size(),
              program.unremoved(),
              onward.open.size(),
              remoteBoard.watchers());
    }

    private Optional<Link> link(ConnectionRequest request, Connection answer, Session session) {
      String assigned =
          answer.ip().clientAddresses().stream()
              .map(InterfaceAddress::toString)
              .findFirst()
              .orElse(address);
      return Optional.of(Links.link(answer.requireId().value(), assigned));
    }
  }

  /** Stands for the call of the next component: registers its close as the undo. */
  private static final class Onward implements Endpoint {
    private final Map<String, Connection> open = new HashMap<>();

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      String id = request.connection().requireId().value();
      if (session.established().isEmpty()) {
        session.onFailure("close onward " + id, () -> open.remove(id));
      }
      open.put(id, request.connection());
      return next.request(request);
    }

    @Override
    public void close(Connection connection, Session session, Next next) throws EndpointException {
      open.remove(connection.requireId().value());
      next.close(connection);
    }
  }
}
