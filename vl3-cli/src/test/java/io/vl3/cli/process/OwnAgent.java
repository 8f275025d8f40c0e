package io.vl3.cli.process;

import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.io.IOException;

/** A VPP behind an agent. */
record OwnAgent(FakeAgent agent, FakeAgentServer server) implements OwnVpp {

  static OwnAgent start() throws IOException {
    FakeAgent agent = new FakeAgent();
    return new OwnAgent(agent, FakeAgentServer.onPort(agent, 0));
  }

  @Override
  public String dataplane() {
    return "  type: vpp-agent\n  address: 127.0.0.1:%d\n".formatted(server.port());
  }

  @Override
  public String state() {
    return agent.state();
  }

  @Override
  public int created() {
    return agent.interfacesCreated();
  }

  @Override
  public boolean leadsTo(String prefix) {
    return agent.running().stream().anyMatch(item -> leadsTo(item, prefix));
  }

  @Override
  public void connectAll() {} // an agent does not show it

  @Override
  public void loseRoute(String prefix) {
    agent.refuse(item -> leadsTo(item, prefix), "refused by the test");
    agent.vanish(item -> leadsTo(item, prefix));
  }

  @Override
  public void takeRoutes() {
    agent.refuseNothing();
  }

  private static boolean leadsTo(Item item, String prefix) {
    return item.message() instanceof Route route && route.getDstNetwork().equals(prefix);
  }

  @Override
  public void close() {
    server.close();
  }
}
