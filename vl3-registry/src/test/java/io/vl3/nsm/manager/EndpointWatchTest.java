package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.ConnectionEventType;
import io.vl3.api.connection.MonitorConnectionGrpc.MonitorConnectionImplBase;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.grpc.internal.ConnectionConverter;
import io.vl3.grpc.internal.InProcess;
import io.vl3.net.InterfaceAddress;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a manager learns of an endpoint whose stream of events broke and is opened again. */
class EndpointWatchTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final InProcess processes = new InProcess();
  private final FakeMonitor there = new FakeMonitor();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private EndpointWatch watch;

  @BeforeEach
  void start() throws Exception {
    watch = new EndpointWatch("manager", processes.serve(there), new Told(), nsm.runtime());
  }

  @AfterEach
  void stop() {
    watch.close();
    processes.close();
  }

  @Test
  void anAddressThatChangedDuringTheGap_isAskedForAnew() throws Exception {
    Connection moving = connection("moving", "10.0.0.1/32");
    Connection staying = connection("staying", "10.0.0.2/32");
    there.has(moving, staying);
    watch.add(moving, this);
    watch.add(staying, this);
    Eventually.until("watched", () -> there.streams.size() == 1);

    there.has(connection("moving", "10.0.1.1/32"), staying);
    there.breakStream();

    Eventually.until("asked", () -> told.contains("moving REFRESH_REQUESTED"));
    assertThat(told)
        .containsExactlyInAnyOrder("moving DOWN", "staying DOWN", "moving REFRESH_REQUESTED");
  }

  @Test
  void whatIsMissingAfterTheGap_isDownAgain() throws Exception {
    Connection gone = connection("gone", "10.0.0.1/32");
    there.has(gone);
    watch.add(gone, this);
    Eventually.until("watched", () -> there.streams.size() == 1);

    there.has();
    there.breakStream();

    Eventually.until("told", () -> told.equals(List.of("gone DOWN", "gone DOWN")));
  }

  @Test
  void forgottenByTheRegistry_whileItsStreamStands_isNoNews() throws Exception {
    Connection alive = connection("alive", "10.0.0.1/32");
    there.has(alive);
    watch.add(alive, this);
    Eventually.until("watched", () -> there.streams.size() == 1);

    watch.forgotten();

    assertThat(told).isEmpty();
  }

  @Test
  void forgottenByTheRegistry_whenItIsAway_isOver() throws Exception {
    Connection gone = connection("gone", "10.0.0.1/32");
    there.has(gone);
    watch.add(gone, this);
    Eventually.until("watched", () -> there.streams.size() == 1);
    there.refuses();
    there.breakStream();
    Eventually.until("noticed", () -> told.contains("gone DOWN"));

    watch.forgotten();

    Eventually.until("over", () -> told.contains("gone over"));
  }

  private static Connection connection(String id, String address) {
    Connection asked = Connection.to("svc").withId(new ConnectionId(id));
    return asked
        .withPath(new Path(0, List.of(PathSegment.of("manager", id))))
        .withIp(asked.ip().withAddresses(List.of(InterfaceAddress.parse(address)), List.of()));
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

  /** Tells each who begins to watch what there is, and no more. */
  private static final class FakeMonitor extends MonitorConnectionImplBase {

    final List<StreamObserver<ConnectionEvent>> streams = new CopyOnWriteArrayList<>();
    private volatile List<Connection> connections = List.of();
    private volatile boolean refusing;

    void refuses() {
      refusing = true;
    }

    void has(Connection... changed) {
      connections = List.of(changed);
    }

    void breakStream() {
      streams.get(0).onError(Status.UNAVAILABLE.asRuntimeException());
    }

    @Override
    public void monitorConnections(
        MonitorScopeSelector selector, StreamObserver<ConnectionEvent> observer) {
      if (refusing) {
        observer.onError(Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      ConnectionEvent.Builder event =
          ConnectionEvent.newBuilder().setType(ConnectionEventType.INITIAL_STATE_TRANSFER);
      connections.forEach(
          each ->
              event.putConnections(each.requireId().value(), ConnectionConverter.toProto(each)));
      observer.onNext(event.build());
      streams.add(observer);
    }
  }
}
