package io.vl3.nsm.legacy;

import com.google.protobuf.Empty;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.ConnectionEventType;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkServiceRegistryGrpc;
import io.vl3.api.nsm02.registry.RemoveNSERequest;
import io.vl3.failure.EndpointException;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One workspace of a fake manager: its socket, and the way to the endpoint that listens there. */
final class FakeWorkspace02 implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FakeWorkspace02.class);

  private final FakeManager02 manager;
  private final String name;
  private final Workspace place;
  private final Set<String> served = new HashSet<>();
  private final List<Watch> watches = new ArrayList<>();
  private Optional<RunningServer> server = Optional.empty();
  private Optional<ManagedChannel> channel = Optional.empty();

  private record Watch(MonitorScopeSelector selector, StreamObserver<ConnectionEvent> observer) {}

  FakeWorkspace02(FakeManager02 manager, String name, Path directory) {
    this.manager = manager;
    this.name = name;
    this.place = Workspace.in(directory);
  }

  String name() {
    return name;
  }

  Workspace place() {
    return place;
  }

  synchronized void start() {
    try {
      Files.createDirectories(place.directory());
      server =
          Optional.of(
              GrpcServers.start(
                  place.manager(),
                  manager.runtime().transport(),
                  List.of(
                      new Endpoints(),
                      manager.registry().discovery(),
                      new Service(),
                      new Monitor())));
    } catch (IOException | EndpointException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      watches.clear();
      server.ifPresent(RunningServer::close);
      server = Optional.empty();
      channel.ifPresent(ManagedChannel::shutdownNow);
      channel = Optional.empty();
    }
    try (Stream<Path> files =
        Files.exists(place.directory()) ? Files.walk(place.directory()) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  boolean isServed() {
    return Files.exists(place.clientSocket());
  }

  synchronized boolean serves(String connection) {
    return served.contains(connection);
  }

  Connection request(NetworkServiceRequest request) {
    Connection answer =
        NetworkServiceGrpc.newBlockingStub(endpoint())
            .withWaitForReady()
            .withDeadlineAfter(15, TimeUnit.SECONDS)
            .request(request);
    synchronized (this) {
      served.add(answer.getId());
    }
    return answer;
  }

  void release(Connection destination) {
    synchronized (this) {
      served.remove(destination.getId());
    }
    Empty unused =
        NetworkServiceGrpc.newBlockingStub(endpoint())
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .close(destination);
  }

  private synchronized ManagedChannel endpoint() {
    if (channel.isEmpty()) {
      try {
        channel = Optional.of(manager.runtime().dial(place.listenOn().toString()));
      } catch (EndpointException failure) {
        throw new IllegalStateException(failure);
      }
    }
    return channel.get();
  }

  /** An endpoint whose monitor breaks is dropped, as nsmd does. */
  void watchEndpoint(String endpoint) {
    Context.ROOT.run(() -> watch(endpoint));
  }

  private void watch(String endpoint) {
    MonitorConnectionGrpc.newStub(endpoint())
        .withWaitForReady()
        .monitorConnections(
            MonitorScopeSelector.newBuilder()
                .addPathSegments(PathSegment.newBuilder().setName(manager.name()))
                .build(),
            new StreamObserver<>() {
              @Override
              public void onNext(ConnectionEvent event) {
                if (event.getType() == ConnectionEventType.DELETE) {
                  manager.runtime().executor().execute(() -> gone(event));
                }
              }

              @Override
              public void onError(Throwable failure) {
                if (isRunning()) {
                  LOG.info(
                      "{}: monitor of {} broke: {}", manager.name(), endpoint, failure.toString());
                  manager.drop(endpoint);
                }
              }

              @Override
              public void onCompleted() {
                onError(new IllegalStateException("ended"));
              }
            });
  }

  private void gone(ConnectionEvent event) {
    for (Connection connection : event.getConnectionsMap().values()) {
      boolean closedThere;
      synchronized (this) {
        closedThere = served.remove(connection.getId());
      }
      if (closedThere) {
        manager.deletedThere(connection.getId());
      }
    }
  }

  private synchronized boolean isRunning() {
    return server.isPresent();
  }

  void updated(Connection source) {
    tell(ConnectionEventType.UPDATE, source);
  }

  void deleted(Connection source) {
    tell(ConnectionEventType.DELETE, source);
  }

  private void tell(ConnectionEventType type, Connection source) {
    ConnectionEvent event =
        ConnectionEvent.newBuilder().setType(type).putConnections(source.getId(), source).build();
    synchronized (this) {
      watches.stream()
          .filter(watch -> matches(watch.selector(), source))
          .forEach(watch -> watch.observer().onNext(event));
    }
  }

  /** By the first name alone, and nothing without one. */
  private static boolean matches(MonitorScopeSelector selector, Connection source) {
    return selector.getPathSegmentsCount() > 0
        && source.getPath().getPathSegmentsCount() > 0
        && source
            .getPath()
            .getPathSegments(0)
            .getName()
            .equals(selector.getPathSegments(0).getName());
  }

  private final class Endpoints extends NetworkServiceRegistryGrpc.NetworkServiceRegistryImplBase {

    @Override
    public void registerNSE(NSERegistration wanted, StreamObserver<NSERegistration> observer) {
      FakeRegistry02.answer(observer, () -> manager.register(FakeWorkspace02.this, wanted));
    }

    @Override
    public void removeNSE(RemoveNSERequest request, StreamObserver<Empty> observer) {
      FakeRegistry02.answer(
          observer,
          () -> {
            manager.remove(request);
            return Empty.getDefaultInstance();
          });
    }
  }

  private final class Service extends NetworkServiceGrpc.NetworkServiceImplBase {

    @Override
    public void request(NetworkServiceRequest request, StreamObserver<Connection> observer) {
      FakeRegistry02.answer(observer, () -> manager.request(FakeWorkspace02.this, request));
    }

    @Override
    public void close(Connection connection, StreamObserver<Empty> observer) {
      FakeRegistry02.answer(
          observer,
          () -> {
            manager.close(connection);
            return Empty.getDefaultInstance();
          });
    }
  }

  private final class Monitor extends MonitorConnectionGrpc.MonitorConnectionImplBase {

    @Override
    public void monitorConnections(
        MonitorScopeSelector selector, StreamObserver<ConnectionEvent> observer) {
      synchronized (FakeWorkspace02.this) {
        observer.onNext(
            ConnectionEvent.newBuilder()
                .setType(ConnectionEventType.INITIAL_STATE_TRANSFER)
                .build());
        watches.add(new Watch(selector, observer));
      }
    }
  }
}
