package io.vl3.nsm.legacy;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connectioncontext.ConnectionContext;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkService;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One domain of NSM 0.2: a registry that answers at a port, and a manager. */
public final class FakeDomain02 implements AutoCloseable {

  /** Soon enough for a test. */
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final NsmRuntime runtime;
  private final FakeRegistry02 registry;
  private final FakeManager02 manager;
  private final FakeNsmd02 nsmd;
  private final RunningServer discovery;
  private final Path directory;
  private final List<Runnable> opened = new ArrayList<>();

  /** A domain whose manager is called so. */
  public FakeDomain02(NsmRuntime runtime, String manager, FakeForwarder02 forwarder)
      throws EndpointException, IOException {
    this.runtime = runtime.withInsecure();
    this.directory = Files.createTempDirectory("nsm");
    this.registry = new FakeRegistry02(manager);
    this.manager = new FakeManager02(this.runtime, manager, directory, registry, forwarder);
    this.nsmd = new FakeNsmd02(this.runtime, this.manager, directory);
    this.discovery =
        GrpcServers.start(
            TransportUrl.parse("tcp://127.0.0.1:0"),
            this.runtime.transport(),
            List.of(registry.discovery()));
  }

  public FakeRegistry02 registry() {
    return registry;
  }

  public FakeManager02 manager() {
    return manager;
  }

  /** Where the manager is asked for workspaces. */
  public FakeNsmd02 nsmd() {
    return nsmd;
  }

  /** Where endpoints are searched. */
  public String discoveryUrl() {
    return discovery.url().toString();
  }

  /** A workspace's way to the manager, which ends with the domain. */
  public LegacyManager access(String workspace) throws EndpointException {
    return access(workspace, INTERVAL);
  }

  /** The same, with a time between searches. */
  public LegacyManager access(String workspace, Duration interval) throws EndpointException {
    LegacyManager access = access(runtime, workspace, interval);
    opened.add(access::close);
    return access;
  }

  /** The same of another program, which ends it. */
  public LegacyManager access(NsmRuntime other, String workspace, Duration interval)
      throws EndpointException {
    return LegacyManager.open(
        other, manager.workspace(workspace), Optional.of(discoveryUrl()), interval);
  }

  /** Registers an endpoint under a name, which nobody serves. */
  public void announce(String service, String endpoint) {
    var unused =
        registry.register(
            NSERegistration.newBuilder()
                .setNetworkService(NetworkService.newBuilder().setName(service).setPayload("IP"))
                .setNetworkServiceEndpoint(
                    NetworkServiceEndpoint.newBuilder()
                        .setName(endpoint)
                        .setNetworkServiceName(service))
                .build(),
            manager);
  }

  /** What a workload of NSM 0.2 asks for. */
  public static NetworkServiceRequest workload(String service, Map<String, String> labels) {
    return workload(
        service, labels, Mechanism.newBuilder().setCls("LOCAL").setType("MEMIF").build());
  }

  /** The same, over a mechanism. */
  public static NetworkServiceRequest workload(
      String service, Map<String, String> labels, Mechanism mechanism) {
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setNetworkService(service)
                .setContext(
                    ConnectionContext.newBuilder()
                        .setIpContext(
                            IPContext.newBuilder().setSrcIpRequired(true).setDstIpRequired(true)))
                .putAllLabels(labels))
        .addMechanismPreferences(mechanism)
        .build();
  }

  /** A workload with a workspace of its own. */
  public Workload workload(String workspace) throws EndpointException {
    var channel = runtime.dial(manager.workspace(workspace).manager().toString());
    opened.add(channel::shutdownNow);
    return new Workload(channel);
  }

  /** A client of NSM 0.2, as a workload is. */
  public record Workload(io.grpc.Channel channel) {

    public Connection request(NetworkServiceRequest request) {
      return stub().request(request);
    }

    public void close(Connection connection) {
      var unused = stub().close(connection);
    }

    private NetworkServiceGrpc.NetworkServiceBlockingStub stub() {
      return NetworkServiceGrpc.newBlockingStub(channel).withDeadlineAfter(15, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() throws IOException {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).run();
    }
    manager.close();
    nsmd.close();
    discovery.close();
    Files.delete(directory);
  }
}
