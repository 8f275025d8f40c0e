package io.vl3.vpp.testing;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc;
import io.vl3.api.ligato.configurator.GetRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A {@link FakeAgent} behind gRPC, in this process or on a port of the loopback address. */
public final class FakeAgentServer implements AutoCloseable {

  private final FakeAgent agent;
  private final Supplier<ServerBuilder<?>> builder;
  private final String name;
  private Server server;

  private FakeAgentServer(FakeAgent agent, String name, Supplier<ServerBuilder<?>> builder) {
    this.agent = agent;
    this.name = name;
    this.builder = builder;
    this.server = start();
  }

  /** An agent in this process. */
  public static FakeAgentServer inProcess(FakeAgent agent) {
    String name = "vpp-agent-" + UUID.randomUUID();
    return new FakeAgentServer(agent, name, () -> InProcessServerBuilder.forName(name));
  }

  /** An agent on a port of 127.0.0.1; 0: any free one. */
  public static FakeAgentServer onPort(FakeAgent agent, int port) {
    InetSocketAddress address = new InetSocketAddress(loopback(), port);
    return new FakeAgentServer(agent, "", () -> NettyServerBuilder.forAddress(address));
  }

  /** Not the JDK's: that is ::1 for good if it was first asked in a namespace without 127.0.0.1. */
  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A channel to it; the caller shuts it down. */
  public ManagedChannel channel() {
    if (name.isEmpty()) {
      throw new IllegalStateException("channel: over TCP (expected: opened by the caller)");
    }
    return InProcessChannelBuilder.forName(name).build();
  }

  /** The agent behind it. */
  public FakeAgent agent() {
    return agent;
  }

  /** The port it listens on. */
  public synchronized int port() {
    return server.getPort();
  }

  /** The process dies: every call and stream breaks, what the agent knew is gone. */
  public synchronized void kill() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    agent.restart();
  }

  /** Another process starts in its place. */
  public synchronized void revive() {
    server = start();
  }

  /** Another process starts in its place, and the channel is connected to it. */
  public void revive(ManagedChannel channel) {
    revive();
    channel.resetConnectBackoff();
    var unused =
        ConfiguratorServiceGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .get(GetRequest.getDefaultInstance());
  }

  @Override
  public synchronized void close() {
    server.shutdownNow();
  }

  private Server start() {
    try {
      return builder
          .get()
          .addService(FakeAgentService.of(agent))
          .addService(new FakeMetaService(agent))
          .build()
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
