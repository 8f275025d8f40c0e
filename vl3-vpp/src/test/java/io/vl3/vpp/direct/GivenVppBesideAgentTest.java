package io.vl3.vpp.direct;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Prints what links from nothing take on one VPP, told by its own API and through a vpp-agent, in
 * turn: {@code -Dvl3.vppagent=HOST:PORT} with {@code -Dvl3.vppagent.process=NUMBER}. What the agent
 * spends on links that are not its own is not counted. See docs/performance.md.
 */
@EnabledIfSystemProperty(named = GivenVpp.SOCKET, matches = ".+", disabledReason = GivenVpp.NONE)
@EnabledIfSystemProperty(
    named = "vl3.vppagent.process",
    matches = ".+",
    disabledReason = "no agent of that VPP given: -Dvl3.vppagent, -Dvl3.vppagent.process")
class GivenVppBesideAgentTest {

  private static final VppSettings OWN_API = VppSettings.of("speed-direct");
  private static final VppSettings AGENT = VppSettings.of("speed-agent");
  private static final int LINKS = 200;
  private static final int ROUNDS = 11;

  @Test
  void links_fromNothing_eitherWay() throws Exception {
    String address = System.getProperty("vl3.vppagent");
    ManagedChannel channel =
        Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
    try (GivenVpp vpp = GivenVpp.byProperties();
        VppDataPlane direct = vpp.open(OWN_API);
        VppDataPlane agent =
            VppDataPlane.open(
                channel,
                address,
                AGENT,
                new FakeTimer(),
                Runnable::run,
                RandomGenerator.of("L64X128MixRandom"))) {
      Map<String, Long> processes =
          Map.of("VPP", vpp.process(), "agent", Long.getLong("vl3.vppagent.process"));
      List<Cost> own = new ArrayList<>();
      List<Cost> through = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        own.add(cost("own API", direct, 0, processes));
        through.add(cost("agent", agent, LINKS, processes));
      }
      System.out.printf(
          "median of %d rounds, agent / own API: %.1f by the clock, %.1f of processor time%n",
          ROUNDS,
          median(through, Cost::clock) / median(own, Cost::clock),
          median(through, cost -> cost.without(Set.of()))
              / median(own, cost -> cost.without(Set.of("agent"))));
    } finally {
      channel.shutdownNow();
    }
  }

  private static Cost cost(String way, VppDataPlane plane, int from, Map<String, Long> processes)
      throws IOException {
    Cost before = Cost.now(processes);
    GivenVppSpeedTest.apply(plane, GivenVppSpeedTest.puts(from, from + LINKS));
    Cost cost = Cost.now(processes).since(before);
    System.out.printf("%s: %d links: %s%n", way, LINKS, cost);
    GivenVppSpeedTest.apply(plane, GivenVppSpeedTest.removals(from, from + LINKS));
    return cost;
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> of) {
    return of.applyAsDouble(
        costs.stream().sorted(Comparator.comparingDouble(of)).toList().get(costs.size() / 2));
  }
}
