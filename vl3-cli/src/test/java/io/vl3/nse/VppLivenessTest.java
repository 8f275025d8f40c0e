package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.process.Wait;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Token;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.NseState;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerIdentity;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.vpp.VppLinks;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppStatus;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whether a link between two endpoints with VPP runs, asked at each of them with the connection as
 * the mesh has it: at who dialled it, and at whom it was dialled.
 */
class VppLivenessTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  /** Longer than between two looks at an agent. */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(31);

  private final FakeTimer timer = new FakeTimer();
  private final ManualExecutor work = new ManualExecutor();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final IoThreads io = new IoThreads(1, Threads.daemons("liveness-io"));
  private final Nse dialled;
  private final Nse dialling;

  VppLivenessTest() throws Exception {
    dialled = new Nse("a", "10.60.1.0/24");
    dialling = new Nse("b", "10.60.2.0/24");
    dialling.dial("a", dialled);
  }

  @AfterEach
  void stop() {
    dialled.close();
    dialling.close();
    io.close();
    threads.shutdownNow();
  }

  @Test
  void linkThatVppDoesNotRun_isDeadForWhoDialledIt() throws Exception {
    assertDeadWhereItBreaks(dialling, dialled);
  }

  @Test
  void linkThatVppDoesNotRun_isDeadForWhomItWasDialled() throws Exception {
    assertDeadWhereItBreaks(dialled, dialling);
  }

  @Test
  void agentLost_aLinkThatRanCountsAsRunning_oneThatDidNotDoesNot() throws Exception {
    dialled.breakLink();
    for (Nse nse : List.of(dialled, dialling)) {
      nse.server.kill();
      nse.await(State.DOWN);
    }
    assertThat(dialled.runs()).isFalse();
    assertThat(dialling.runs()).isTrue();
  }

  private void assertDeadWhereItBreaks(Nse broken, Nse other) throws Exception {
    assertThat(broken.runs()).isTrue();
    broken.breakLink();
    assertThat(broken.runs()).isFalse();
    assertThat(other.runs()).isTrue();
    broken.agent.refuseNothing();
    broken.await(State.UP);
    assertThat(broken.runs()).isTrue();
  }

  /** An endpoint with an agent of its own, and one link. */
  private final class Nse implements AutoCloseable {

    final FakeAgent agent = new FakeAgent();
    final FakeAgentServer server = FakeAgentServer.onPort(agent, 0);
    final ManagedChannel channel =
        GrpcChannels.open(
            "tcp://127.0.0.1:" + server.port(),
            TransportOptions.of(io, threads).withInsecure(true));
    final VppLinks vpp;
    final NseParts parts;
    EndpointRunner runner;

    Nse(String name, String prefix) throws Exception {
      vpp = vpp(name);
      parts = parts(name, prefix);
      runner = new EndpointRunner(NseChains.server(parts), Runnable::run, timer, LONG);
      vpp.start();
      await(State.UP);
    }

    /** From now on its connections are those that it asks for. */
    void dial(String name, Nse other) throws EndpointException {
      Endpoint there =
          (request, session, next) ->
              other.runner.request(request, new Caller("manager"), session.deadline());
      runner =
          new EndpointRunner(
              NseChains.peers(parts, new NseParts.Manager(there, (selector, listener) -> () -> {})),
              Runnable::run,
              timer,
              LONG);
      runner.request(
          ConnectionRequest.of(
              Connection.to("vl3").withId(new ConnectionId("link")).withEndpointName(name)),
          Caller.SELF,
          Deadline.after(LONG, timer));
    }

    /** VPP loses the interface, and refuses to have it again. */
    void breakLink() throws Exception {
      agent.vanish(item -> item.message() instanceof Interface face && face.hasMemif());
      agent.refuse(item -> item.message() instanceof Interface, "VPPApiError: No more (-1)");
      await(State.DEGRADED);
    }

    /** Looks again and again. */
    void await(State state) throws Exception {
      Wait.until(
          60,
          () -> parts.component().name() + " is " + state + ": " + status(),
          () -> {
            timer.advance(NEXT_LOOK);
            work.runAll();
            return status().state() == state;
          });
    }

    private VppStatus status() {
      return vpp.agent();
    }

    boolean runs() {
      assertThat(runner.connections()).hasSize(1);
      return vpp.probe(LONG).orElseThrow().alive(runner.connections().get(0));
    }

    private VppLinks vpp(String name) throws Exception {
      NsmRuntime runtime =
          NsmRuntime.of(timer, work, TransportOptions.of(io, threads), new Random(name.hashCode()));
      return VppLinks.builder(
              channel,
              "127.0.0.1:" + server.port(),
              VppSettings.of(name),
              runtime.timer(),
              runtime.executor(),
              runtime.random())
          .build();
    }

    private NseParts parts(String name, String prefix) {
      EndpointRecord self = EndpointRecord.of(name, "vl3", Map.of(), "");
      EndpointRecord peer = EndpointRecord.of(name.equals("a") ? "b" : "a", "vl3", Map.of(), "");
      KnownPeers known = KnownPeers.of(List.of(peer), true);
      FixedPrefixes own = new FixedPrefixes(List.of(IpPrefix.parse(prefix)));
      List<IpPrefix> pools = List.of(IpPrefix.parse("10.60.0.0/16"));
      return new NseParts(
          new NseParts.Component(
              name,
              () -> new Token("t", timer.instant().plus(Duration.ofHours(10))),
              Runnable::run,
              timer,
              Reporter.NONE),
          vpp,
          new ConnectionBoard(Runnable::run, 100),
          () -> known,
          PeerIdentity.BY_NAME,
          NseChains.ipam(own, AddressingMode.POINT_TO_POINT, PrefixSet.EMPTY, NseState.inMemory()),
          new Vl3Network(() -> self, own, pools, List.of()),
          new PrefixTable(),
          new LeastMtu(),
          NseParts.Dns.of(List.of(), List.of()),
          Map.of(),
          List.of(),
          List.of());
    }

    @Override
    public void close() {
      vpp.close();
      channel.shutdownNow();
      server.close();
    }
  }
}
