package io.vl3.cli.soak;

import io.grpc.Channel;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.element.AskKernelInterface;
import io.vl3.failure.EndpointException;
import io.vl3.linux.Netns;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A workload's client that comes for one connection, by the library's own client. */
final class Visitor implements AutoCloseable {

  private final NsmRuntime runtime;
  private final ManagerAccess access;
  private final Netns netns;
  private final String device;
  private final NsmClient client;
  private final String name;

  Visitor(NsmRuntime runtime, ManagerAccess access, Netns netns, String name) {
    this.runtime = runtime;
    this.access = access;
    this.netns = netns;
    this.name = name;
    this.device = "s" + name.substring(name.indexOf('-') + 1);
    this.client =
        NsmClient.builder(runtime, access, name)
            .tokens(runtime.tokens(name, SoakClients.TOKEN_LIFETIME))
            .element(new AskKernelInterface(netns.url(), id -> device))
            .build();
  }

  /** The name of its interface, which no other visitor has. */
  String device() {
    return device;
  }

  /** The workload's namespace. */
  Netns netns() {
    return netns;
  }

  /** The channel to the manager. */
  Channel channel() {
    return access.channel();
  }

  Connection request() throws EndpointException {
    return request(SoakNetwork.SERVICE);
  }

  Connection request(String service) throws EndpointException {
    return client.request(ConnectionRequest.of(Connection.to(service)));
  }

  /** Asks for what must have been answered by then. */
  Connection requestWithin(Duration time) throws EndpointException {
    return client
        .runner()
        .request(
            ConnectionRequest.of(Connection.to(SoakNetwork.SERVICE)),
            Caller.SELF,
            Deadline.after(time, runtime.timer()));
  }

  Connection refresh(Connection connection) throws EndpointException {
    return client.request(ConnectionRequest.of(connection));
  }

  void leave(Connection connection) throws EndpointException {
    client.close(connection);
  }

  /** A client of the same channel that asks for a mechanism in its own words. */
  NsmClient plain() {
    return NsmClient.builder(runtime, access, name + "-plain").build();
  }

  /** Whether its interface is in the workload's namespace. */
  boolean hasInterface() throws Exception {
    return interfaces(netns).contains(device + ":");
  }

  /** What the kernel shows of a namespace's interfaces, one a line after two of heading. */
  static String interfaces(Netns netns) throws Exception {
    return netns.call(() -> Files.readString(Path.of("/proc/thread-self/net/dev")));
  }

  /** Is gone from one moment to the next: closes nothing, refreshes nothing, hangs up. */
  void vanish() {
    access.close();
    client.runner().abandon("it has vanished");
  }

  /** Closes what it has, and hangs up. */
  @Override
  public void close() {
    client.close();
    access.close();
  }
}
