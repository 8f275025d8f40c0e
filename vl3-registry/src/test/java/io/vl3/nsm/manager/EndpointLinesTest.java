package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.MonitorConnectionGrpc.MonitorConnectionImplBase;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.nsm.internal.registry.RemoteDomains;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointRecord;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a manager says of the connections of an endpoint that died. */
class EndpointLinesTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger streams = new AtomicInteger();
  private InMemoryRegistry registry;
  private EndpointLines lines;
  private RunningServer endpoint;
  private EndpointRecord registration;
  private EndpointLines.Lease lease;

  @BeforeEach
  void serve() throws Exception {
    registry =
        new InMemoryRegistry(
            nsm.runtime().timer(),
            nsm.runtime().executor(),
            InMemoryRegistry.DEFAULT_LIFETIME,
            RemoteDomains.NONE);
    lines = new EndpointLines("manager", nsm.runtime(), registry, new Told());
    TransportUrl url = nsm.urlFor("dying");
    endpoint = GrpcServers.start(url, nsm.runtime().transport(), List.of(new Streams()));
    registration = registry.register(EndpointRecord.of("dying", "svc", Map.of(), url.toString()));
    lease = lines.acquire(url.toString());
    lease.watch(Connection.to("svc").withId(new ConnectionId("c")));
    Eventually.until("watched", () -> streams.get() == 1);
  }

  @AfterEach
  void nothingIsLeft() {
    lease.close();
    lines.close();
    assertThat(registry.watchers()).isZero();
    registry.close();
    endpoint.close();
  }

  @Test
  void anEndpointThatDies_thenLosesItsRegistration_leavesItsConnectionsOver() throws Exception {
    endpoint.close();
    Eventually.until("down", () -> told.contains("c DOWN"));
    registry.unregister(registration);
    Eventually.until("over", () -> told.contains("c over"));
  }

  @Test
  void anotherEndpointThatLeaves_isNotMistakenForIt() throws Exception {
    EndpointRecord other =
        registry.register(
            EndpointRecord.of("other", "svc", Map.of(), nsm.urlFor("dying") + ".other"));
    endpoint.close();
    Eventually.until("down", () -> told.contains("c DOWN"));
    registry.unregister(other);
    registry.unregister(registration);
    Eventually.until("over", () -> told.contains("c over"));
    assertThat(told).filteredOn("c over"::equals).hasSize(1);
  }

  /** Writes down what it is told. */
  private final class Told implements EventSink {

    @Override
    public void tell(ConnectionId id, ConnectionState state) {
      told.add(id.value() + " " + state);
    }

    @Override
    public void closed(ConnectionId id) {
      told.add(id.value() + " closed");
    }

    @Override
    public void over(ConnectionId id) {
      told.add(id.value() + " over");
    }
  }

  /** Counts who watches and shows nothing. */
  private final class Streams extends MonitorConnectionImplBase {

    @Override
    public void monitorConnections(
        MonitorScopeSelector selector, StreamObserver<ConnectionEvent> observer) {
      streams.incrementAndGet();
    }
  }
}
