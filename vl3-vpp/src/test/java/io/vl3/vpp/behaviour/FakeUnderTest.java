package io.vl3.vpp.behaviour;

import io.grpc.ManagedChannel;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.util.EnumSet;
import java.util.Set;

/** The fake agent, with every lever. */
final class FakeUnderTest implements Agent {

  private final FakeAgentServer server = FakeAgentServer.inProcess(new FakeAgent());
  private final ManagedChannel channel = server.channel();

  @Override
  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public Set<Lever> levers() {
    return EnumSet.allOf(Lever.class);
  }

  @Override
  public void refuse(String name) {
    server.agent().refuse(item -> item.name().equals(name), "VPPApiError: Unspecified Error (-1)");
    server.agent().refuseAddress(name);
  }

  @Override
  public void hold(String name) {
    server.agent().refuseRemoval(item -> item.name().equals(name));
  }

  @Override
  public void heal() {
    server.agent().refuseNothing();
  }

  @Override
  public void restart() {
    server.kill();
    server.revive(channel);
  }

  @Override
  public void foreign(String name) {
    server
        .agent()
        .foreign(
            Interface.newBuilder().setName(name).setType(Interface.Type.SOFTWARE_LOOPBACK).build());
  }

  @Override
  public void down(String name) {
    server.agent().alter(item -> item.name().equals(name), face -> face.setEnabled(false));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
