package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.cli.process.Wait;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every element of the default chains fails in turn, on the way in and on the way back, on the
 * first request and on a refresh that moves the connection. Nothing is left, or nothing has
 * changed: in no session, pool, journal, registry, data plane.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChainFaultCases {

  private FaultWorld world;
  private String nothing;

  @BeforeAll
  void build(@TempDir Path directory) throws Exception {
    world = world(directory);
    nothing = world.holdings();
  }

  /** The world that the cases are tried in. */
  abstract FaultWorld world(Path directory) throws Exception;

  @AfterAll
  void end() throws Exception {
    world.close();
  }

  @Test
  void withoutFault_bothKindsOfConnectionHoldSomethingEverywhere_andCloseLeavesNothing()
      throws Exception {
    Connection attached = world.attach(FaultWorld.workload());
    // The workload has what it had before: other cases may have moved it.
    InterfaceAddress given = attached.ip().clientAddresses().get(0);
    Connection dialled = world.dial(FaultWorld.peerLink(), "10.92.2.0/24");
    assertThat(world.holdings())
        .contains("posted by alpha: 2\n", "given out: 1\n", "links of the data plane: 2\n")
        .contains("prefixes known to alpha: {beta=[10.92.2.0/24]}")
        .contains("names at alpha: [%s]\n".formatted(given.address()), "named by alpha: 1\n")
        .contains("name servers known to alpha: [PeerServer[address=10.92.2.0, asksOthers=false]]")
        .contains("name servers known to beta: [PeerServer[address=10.92.1.0, asksOthers=false]]")
        .contains(given.toString(), "binding fault-service");
    world.workloads.close(attached, Caller.SELF, world.deadline());
    world.peers.close(dialled, Caller.SELF, world.deadline());
    awaitHoldings(nothing);
  }

  @TestFactory
  Stream<DynamicTest> workloadsFirstRequest_failingAnywhere_leavesNothing() {
    return cases(
        List.of(world.workloadFaults, world.managerFaults, world.serverFaults),
        (faults, place) -> first(faults, place, this::attach, world.workloads));
  }

  @TestFactory
  Stream<DynamicTest> workloadsMove_failingAnywhere_isUndoneOrMadeUpFor() {
    return cases(
        List.of(world.workloadFaults, world.managerFaults, world.serverFaults),
        (faults, place) -> refresh(faults, place, new Attaching()));
  }

  @TestFactory
  Stream<DynamicTest> peersFirstRequest_failingAnywhere_leavesNothing() {
    return cases(
        List.of(world.peersFaults, world.serverFaults),
        (faults, place) -> first(faults, place, this::dial, world.peers));
  }

  @TestFactory
  Stream<DynamicTest> peersMove_failingAnywhere_isUndoneOrMadeUpFor() {
    return cases(
        List.of(world.peersFaults, world.serverFaults),
        (faults, place) -> refresh(faults, place, new Dialling()));
  }

  private Connection attach() throws EndpointException {
    return world.attach(FaultWorld.workload());
  }

  private Connection dial() throws EndpointException {
    return world.dial(FaultWorld.peerLink(), "10.92.2.0/24");
  }

  private static Stream<DynamicTest> cases(List<Faults> chains, Case check) {
    return chains.stream()
        .flatMap(
            faults ->
                faults.places().stream()
                    .map(
                        place ->
                            DynamicTest.dynamicTest(
                                place.toString(), () -> check.run(faults, place))));
  }

  private void first(Faults faults, Faults.Place place, Opening opening, EndpointRunner runner)
      throws Exception {
    faults.on(place);
    try {
      assertThatThrownBy(opening::open).hasMessageContaining("fault: " + place);
      awaitHoldings(nothing);
    } finally {
      faults.off();
    }
    Connection made = opening.open();
    runner.close(made, Caller.SELF, world.deadline());
    awaitHoldings(nothing);
  }

  /**
   * A component undoes what it did itself. What the next component has answered stands there, when
   * the failure comes on the way back: the next refresh brings all in step.
   */
  private void refresh(Faults faults, Faults.Place place, Kind kind) throws Exception {
    Connection made = kind.open();
    try {
      String before = world.holdings();
      faults.on(place);
      try {
        assertThatThrownBy(() -> kind.move(made)).hasMessageContaining("fault: " + place);
        assertThat(kind.runner().connections())
            .extracting(Connection::ip)
            .containsExactly(made.ip());
        if (!place.back() || faults == world.serverFaults) {
          awaitHoldings(before);
        }
      } finally {
        faults.off();
      }
      Connection again = kind.repeat(made);
      assertThat(world.agrees(again, kind.client())).as(world.holdings()).isTrue();
      Connection moved = kind.move(again);
      assertThat(moved.ip()).isNotEqualTo(made.ip());
      assertThat(world.agrees(moved, kind.client())).as(world.holdings()).isTrue();
    } finally {
      kind.runner().close(made, Caller.SELF, world.deadline());
    }
    awaitHoldings(nothing);
  }

  /** What is undone at another component, is so a moment later. */
  private void awaitHoldings(String expected) throws Exception {
    String stores = expected.substring(0, expected.indexOf("links of the data plane"));
    Wait.until(() -> difference(stores, world.stores()), () -> stores.equals(world.stores()));
    Wait.until(() -> difference(expected, found()), () -> expected.equals(found()));
  }

  private static String difference(String expected, String found) {
    return "expected:\n" + expected + "\nfound:\n" + found;
  }

  private String found() {
    try {
      return world.holdings();
    } catch (IOException failure) {
      return String.valueOf(failure);
    }
  }

  private interface Case {
    void run(Faults faults, Faults.Place place) throws Exception;
  }

  private interface Opening {
    Connection open() throws EndpointException;
  }

  /** What kind of connection is tried. */
  private interface Kind extends Opening {

    Connection repeat(Connection made) throws EndpointException;

    Connection move(Connection made) throws EndpointException;

    EndpointRunner runner();

    String client();
  }

  private final class Attaching implements Kind {

    @Override
    public Connection open() throws EndpointException {
      return attach();
    }

    @Override
    public Connection repeat(Connection made) throws EndpointException {
      return world.attach(made);
    }

    @Override
    public Connection move(Connection made) throws EndpointException {
      return world.attach(made, "10.92.1.0/30");
    }

    @Override
    public EndpointRunner runner() {
      return world.workloads;
    }

    @Override
    public String client() {
      return "workload";
    }
  }

  private final class Dialling implements Kind {

    @Override
    public Connection open() throws EndpointException {
      return dial();
    }

    @Override
    public Connection repeat(Connection made) throws EndpointException {
      return world.dial(made, "10.92.2.0/24");
    }

    @Override
    public Connection move(Connection made) throws EndpointException {
      return world.dial(made, "10.92.3.0/24");
    }

    @Override
    public EndpointRunner runner() {
      return world.peers;
    }

    @Override
    public String client() {
      return "beta";
    }
  }
}
