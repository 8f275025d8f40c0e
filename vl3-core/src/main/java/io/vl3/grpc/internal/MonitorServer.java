package io.vl3.grpc.internal;

import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.Dialect;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code connection.MonitorConnection} from a monitor. A caller sees the connections that a
 * rule allows it. A client that reads too slowly is ended with RESOURCE_EXHAUSTED; no stream is
 * ended with CANCELLED, which would tell clients not to heal.
 */
public final class MonitorServer implements HandsCallsOn {

  private static final int QUEUED_EVENTS = 1024;

  /**
   * How many connections the first event holds at most; the others follow in events of their own.
   * All of 10,000 in one message would be more than clients take.
   */
  private static final int INITIAL_CONNECTIONS = 64;

  private final ConnectionMonitor monitor;
  private final Rule rule;
  private final Admission admission;
  private final Dialect dialect;

  /**
   * Decides whether a caller may see a connection; asked for every connection of every event, so it
   * must be quick.
   */
  @FunctionalInterface
  public interface Rule {

    /** Everybody sees everything. */
    Rule EVERYTHING = (caller, connection) -> true;

    boolean mayWatch(Caller caller, Connection connection);

    /** A caller sees the connections whose path holds an id that it owns in the runner. */
    static Rule ownedIn(EndpointRunner runner) {
      return (caller, connection) ->
          connection.path().segments().stream()
              .map(PathSegment::id)
              .filter(id -> !id.isBlank())
              .anyMatch(id -> runner.owner(new ConnectionId(id)).equals(Optional.of(caller)));
    }
  }

  /** Decides whether a caller may ask at all. */
  @FunctionalInterface
  private interface Admission {
    void check(MonitorSelector selector) throws EndpointException;
  }

  /** A server that shows of the monitor what the rule allows. */
  public MonitorServer(ConnectionMonitor monitor, Rule rule) {
    this(monitor, rule, selector -> {}, Dialect.V1);
  }

  private MonitorServer(
      ConnectionMonitor monitor, Rule rule, Admission admission, Dialect dialect) {
    this.monitor = monitor;
    this.rule = rule;
    this.admission = admission;
    this.dialect = dialect;
  }

  /** A server that shows callers the connections that they own in the runner. */
  public static MonitorServer ofOwned(
      ConnectionMonitor monitor, EndpointRunner runner, CallGuard guard) {
    return ofOwned(monitor, runner, guard, Dialect.V1);
  }

  /** The same, in the words of another API. */
  public static MonitorServer ofOwned(
      ConnectionMonitor monitor, EndpointRunner runner, CallGuard guard, Dialect dialect) {
    return new MonitorServer(
        monitor, Rule.ownedIn(runner), selector -> guard.checkMonitor(selector, runner), dialect);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CallContext.around(new Service());
  }

  private final class Service extends MonitorConnectionGrpc.MonitorConnectionImplBase {

    @Override
    public void monitorConnections(
        MonitorScopeSelector selector,
        StreamObserver<io.vl3.api.connection.ConnectionEvent> observer) {
      MonitorSelector wanted;
      try {
        wanted = EventConverter.toDomain(selector);
        admission.check(wanted);
      } catch (EndpointException invalid) {
        observer.onError(StatusCodes.toStatus(invalid).asRuntimeException());
        return;
      }
      new Watch(
              CallerKey.current(),
              (ServerCallStreamObserver<io.vl3.api.connection.ConnectionEvent>) observer)
          .start(wanted);
    }
  }

  private io.vl3.api.connection.ConnectionEvent written(ConnectionEvent event) {
    List<Connection> told = event.connections().stream().map(dialect::write).toList();
    return EventConverter.toProto(new ConnectionEvent(event.type(), told));
  }

  /** One client's watch. */
  private final class Watch implements ConnectionMonitor.Listener {

    private final Caller caller;
    private final BoundedStream<io.vl3.api.connection.ConnectionEvent> stream;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<ConnectionMonitor.@Nullable Subscription> subscription =
        new AtomicReference<>();

    /**
     * The connections that this client was shown; touched by the monitor's one thread at a time
     * only.
     */
    private final Set<ConnectionId> shown = new HashSet<>();

    Watch(Caller caller, ServerCallStreamObserver<io.vl3.api.connection.ConnectionEvent> observer) {
      this.caller = caller;
      this.stream = new BoundedStream<>(observer, QUEUED_EVENTS, this::stop);
    }

    void start(MonitorSelector wanted) {
      subscription.set(monitor.monitor(wanted, this));
      if (ended.get()) {
        closeSubscription();
      }
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      List<Connection> visible = event.connections().stream().filter(c -> see(event, c)).toList();
      if (event.type() != ConnectionEvent.Type.INITIAL_STATE_TRANSFER) {
        visible.forEach(connection -> tell(event.type(), connection));
        return;
      }
      int first = Math.min(visible.size(), INITIAL_CONNECTIONS);
      sendInitial(visible.subList(0, first));
      visible
          .subList(first, visible.size())
          .forEach(rest -> tell(ConnectionEvent.Type.UPDATE, rest));
    }

    private void sendInitial(List<Connection> visible) {
      var message =
          written(new ConnectionEvent(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, visible));
      stream.send(
          ConnectionEvent.Type.INITIAL_STATE_TRANSFER, () -> message, message.getSerializedSize());
    }

    /** A connection that stands is kept by the monitor, one that is gone by this message alone. */
    private void tell(ConnectionEvent.Type type, Connection connection) {
      ConnectionEvent event = new ConnectionEvent(type, List.of(connection));
      if (type == ConnectionEvent.Type.DELETE) {
        var message = written(event);
        stream.send(connection.requireId(), () -> message, message.getSerializedSize());
      } else {
        stream.send(connection.requireId(), () -> written(event), 0);
      }
    }

    @Override
    public void onEnd(Throwable cause) {
      stream.end(
          Status.UNAVAILABLE.withDescription(
              "monitor: ended: " + StatusCodes.toException(cause).getMessage()));
    }

    /** A connection that is gone has no owner any more: who was shown it sees it go. */
    private boolean see(ConnectionEvent event, Connection connection) {
      Optional<ConnectionId> id = connection.id();
      if (id.isEmpty()) {
        return false;
      }
      if (event.type() == ConnectionEvent.Type.DELETE) {
        return shown.remove(id.get()) || rule.mayWatch(caller, connection);
      }
      boolean visible = rule.mayWatch(caller, connection);
      if (visible) {
        shown.add(id.get());
      }
      return visible;
    }

    private void stop() {
      ended.set(true);
      closeSubscription();
    }

    private void closeSubscription() {
      ConnectionMonitor.Subscription open = subscription.getAndSet(null);
      if (open != null) {
        open.close();
      }
    }
  }
}
