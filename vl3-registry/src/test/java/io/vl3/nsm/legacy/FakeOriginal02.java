package io.vl3.nsm.legacy;

import com.google.protobuf.Empty;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.ConnectionEventType;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.Route;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkService;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.api.nsm02.registry.NetworkServiceRegistryGrpc;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An NSE that speaks as the original does: it answers peers with a block of its prefix and its
 * prefix as route, and dials once, when it is told to.
 */
public final class FakeOriginal02 implements AutoCloseable {

  private final String service;
  private final int third;
  private final ManagedChannel manager;
  private final RunningServer server;
  private final String name;
  private final List<Connection> received = new ArrayList<>();
  private final List<Connection> answered = new CopyOnWriteArrayList<>();
  private final List<Connection> closed = new CopyOnWriteArrayList<>();
  private final List<MonitorScopeSelector> monitors = new CopyOnWriteArrayList<>();
  private volatile Runnable beforeAnswer = () -> {};
  private final AtomicInteger refusals = new AtomicInteger();

  /** One that owns 10.60.THIRD.0/24. */
  public FakeOriginal02(FakeDomain02 domain, NsmRuntime runtime, String service, int third)
      throws Exception {
    this.service = service;
    this.third = third;
    Workspace workspace = domain.manager().workspace("original-" + third);
    server =
        GrpcServers.start(
            workspace.listenOn(), runtime.transport(), List.of(new Service(), new Monitor()));
    manager = runtime.dial(workspace.manager().toString());
    name = register();
  }

  public String name() {
    return name;
  }

  /** What it does in the middle of a peer's request. */
  public void beforeAnswer(Runnable action) {
    beforeAnswer = action;
  }

  /** How many requests it refuses from now on. */
  public void refuse(int requests) {
    refusals.set(requests);
  }

  /** What peers have asked it for. */
  public synchronized List<Connection> received() {
    return List.copyOf(received);
  }

  /** What it has answered. */
  public List<Connection> answered() {
    return List.copyOf(answered);
  }

  /** What it was told to close. */
  public List<Connection> closed() {
    return List.copyOf(closed);
  }

  /** Whose events it was asked for. */
  public List<MonitorScopeSelector> monitors() {
    return List.copyOf(monitors);
  }

  /** Dials a peer by its registered name. */
  public Connection dial(String peer, String peersManager) {
    NetworkServiceRequest.Builder request =
        FakeDomain02.workload(service, Map.of("", "", "vl3Nse/nseSource/endpointName", name))
            .toBuilder();
    request
        .getConnectionBuilder()
        .setNetworkServiceEndpointName(peer)
        .setPath(Path.newBuilder().addPathSegments(PathSegment.newBuilder().setName(peersManager)))
        .getContextBuilder()
        .getIpContextBuilder()
        .addSrcRoutes(route());
    request.setMechanismPreferences(
        0,
        Mechanism.newBuilder()
            .setCls("LOCAL")
            .setType(LegacyMechanisms.KERNEL_INTERFACE)
            .putParameters("name", "peer" + third));
    return NetworkServiceGrpc.newBlockingStub(manager)
        .withDeadlineAfter(15, TimeUnit.SECONDS)
        .request(request.build());
  }

  @Override
  public void close() {
    manager.shutdownNow();
    server.close();
  }

  private String register() {
    return NetworkServiceRegistryGrpc.newBlockingStub(manager)
        .registerNSE(
            NSERegistration.newBuilder()
                .setNetworkService(NetworkService.newBuilder().setName(service).setPayload("IP"))
                .setNetworkServiceEndpoint(
                    NetworkServiceEndpoint.newBuilder()
                        .setNetworkServiceName(service)
                        .setPayload("IP")
                        .putLabels("app", "vl3-nse-" + service))
                .build())
        .getNetworkServiceEndpoint()
        .getName();
  }

  private Route route() {
    return Route.newBuilder().setPrefix("10.60.%d.0/24".formatted(third)).build();
  }

  private synchronized int note(Connection connection) {
    received.add(connection);
    return received.size();
  }

  private Connection answer(Connection asked) {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw FakeRegistry02.unknown("prefix pool: refused as the test wants it");
    }
    int block = 4 * (note(asked) - 1);
    Context.ROOT.run(beforeAnswer);
    Connection.Builder answer =
        asked.toBuilder()
            .setMechanism(
                Mechanism.newBuilder()
                    .setCls("LOCAL")
                    .setType(LegacyMechanisms.KERNEL_INTERFACE)
                    .putParameters("name", "nsm" + asked.getId()));
    answer
        .getContextBuilder()
        .getIpContextBuilder()
        .addSrcIpAddrs("10.60.%d.%d/30".formatted(third, block + 1))
        .addDstIpAddrs("10.60.%d.%d/30".formatted(third, block + 2))
        .addDstRoutes(route());
    answered.add(answer.build());
    return answer.build();
  }

  private final class Service extends NetworkServiceGrpc.NetworkServiceImplBase {

    @Override
    public void request(NetworkServiceRequest request, StreamObserver<Connection> observer) {
      FakeRegistry02.answer(observer, () -> answer(request.getConnection()));
    }

    @Override
    public void close(Connection connection, StreamObserver<Empty> observer) {
      closed.add(connection);
      FakeRegistry02.answer(observer, Empty::getDefaultInstance);
    }
  }

  private final class Monitor extends MonitorConnectionGrpc.MonitorConnectionImplBase {

    @Override
    public void monitorConnections(
        MonitorScopeSelector selector, StreamObserver<ConnectionEvent> observer) {
      monitors.add(selector);
      observer.onNext(
          ConnectionEvent.newBuilder().setType(ConnectionEventType.INITIAL_STATE_TRANSFER).build());
    }
  }
}
