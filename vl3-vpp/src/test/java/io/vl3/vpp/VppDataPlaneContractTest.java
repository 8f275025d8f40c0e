package io.vl3.vpp;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.DataPlaneContract;
import io.vl3.dataplane.Link;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.internal.AgentClient;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.internal.VppView;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The programmer keeps the contract on the fake agent, and on a real one whose address is given by
 * {@code -Dvl3.vppagent=host:port}.
 */
class VppDataPlaneContractTest {

  @Nested
  class OnTheFake extends OnAgent {
    private final FakeAgent agent = new FakeAgent();
    private final FakeAgentServer server = FakeAgentServer.inProcess(agent);

    @Override
    ManagedChannel connect() {
      return server.channel();
    }

    @Override
    protected Link poisoned(String key) {
      agent.refuse(item -> item.name().endsWith("." + key), "VPPApiError: No such entity (-6)");
      return SomeLinks.numbered(key, 99, List.of());
    }

    @AfterEach
    void stop() {
      server.close();
    }
  }

  @Nested
  @EnabledIfSystemProperty(named = "vl3.vppagent", matches = ".+:[0-9]+")
  class OnARealAgent extends OnAgent {
    @Override
    ManagedChannel connect() {
      return NettyChannelBuilder.forTarget(System.getProperty("vl3.vppagent"))
          .usePlaintext()
          .build();
    }

    @Override
    protected Link poisoned(String key) {
      return null; // nothing that we send is refused by every VPP
    }
  }

  /** The programmer on some agent. */
  abstract static class OnAgent extends DataPlaneContract {
    private static final VppSettings SETTINGS = VppSettings.of("contract");
    private ManagedChannel channel;

    abstract ManagedChannel connect();

    @Override
    protected DataPlane open() {
      return VppDataPlane.open(
          channel(),
          "agent",
          SETTINGS,
          new FakeTimer(),
          Runnable::run,
          RandomGenerator.getDefault());
    }

    @Override
    protected Link link(String key, int variant) {
      return SomeLinks.numbered(
          key, key.charAt(0), variant == 0 ? List.of() : List.of("10.9.0.0/16"));
    }

    /** What runs of ours, whatever else there is. */
    @Override
    protected String state() throws Exception {
      OwnerNames names = new OwnerNames(SETTINGS.owner());
      VppView view = new AgentClient(channel(), "agent", "reader", Duration.ofSeconds(5)).read();
      return view.running().stream()
          .filter(item -> names.idOf(item.interfaceName()).isPresent())
          .map(Item::toString)
          .sorted()
          .collect(Collectors.joining("\n"));
    }

    @AfterEach
    void disconnect() {
      channel().shutdownNow();
    }

    private ManagedChannel channel() {
      if (channel == null) {
        channel = connect();
      }
      return channel;
    }
  }
}
