package io.vl3.nsm.manager;

import io.grpc.ManagedChannel;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.IpContext;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.RemoteMonitor;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.Timer;
import io.vl3.transport.GrpcChannels;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches our connections at one endpoint by one stream, opened with the first of them. A broken
 * stream reports that all of them are DOWN, and is opened again after a while.
 */
final class EndpointWatch implements AutoCloseable {

  private final MonitorSelector ours;
  private final String ownName;
  private final ManagedChannel channel;
  private final EventSink sink;
  private final NsmRuntime runtime;

  private final Object lock = new Object();
  private final Map<ConnectionId, Entry> entries = new HashMap<>();
  private ConnectionMonitor.Subscription subscription = () -> {};
  private Timer.Cancellable retry = () -> {};
  private int failures;
  private boolean started;
  private boolean closed;

  /** Watches whatever passes us. */
  EndpointWatch(String ownName, ManagedChannel channel, EventSink sink, NsmRuntime runtime) {
    this(ownName, "", channel, sink, runtime);
  }

  /**
   * Watches what passes us under an id, for an endpoint that shows its connections to who names one
   * of its own.
   */
  EndpointWatch(
      String ownName, String id, ManagedChannel channel, EventSink sink, NsmRuntime runtime) {
    this.ours = new MonitorSelector(List.of(PathSegment.of(ownName, id)), List.of());
    this.ownName = ownName;
    this.channel = channel;
    this.sink = sink;
    this.runtime = runtime;
  }

  /** Watches a connection for as long as its owner wants. */
  void add(Connection connection, Object owner) {
    boolean first;
    synchronized (lock) {
      entries.put(connection.requireId(), new Entry(owner, connection.ip()));
      first = !started && !closed;
      started = true;
    }
    if (first) {
      subscribe();
    }
  }

  void removeAllOf(Object owner) {
    synchronized (lock) {
      entries.values().removeIf(entry -> entry.owner == owner);
    }
  }

  /**
   * The registry knows the endpoint no more. If it is not there either, its connections are over:
   * whoever waits for it need not wait any longer.
   */
  void forgotten() {
    List<ConnectionId> over;
    synchronized (lock) {
      over = failures == 0 ? List.of() : List.copyOf(entries.keySet());
    }
    over.forEach(sink::over);
  }

  @Override
  public void close() {
    ConnectionMonitor.Subscription open;
    synchronized (lock) {
      closed = true;
      entries.clear();
      retry.cancel();
      open = subscription;
    }
    open.close();
  }

  private void subscribe() {
    Set<ConnectionId> expected;
    synchronized (lock) {
      if (closed) {
        return;
      }
      expected = failures == 0 ? Set.of() : Set.copyOf(entries.keySet());
    }
    GrpcChannels.wake(channel);
    ConnectionMonitor.Subscription opened =
        new RemoteMonitor(channel).monitor(ours, new Stream(expected));
    boolean late;
    synchronized (lock) {
      late = closed;
      subscription = opened;
    }
    if (late) {
      opened.close();
    }
  }

  /** One stream; knows what the endpoint must still have if it only was away. */
  private final class Stream implements ConnectionMonitor.Listener {

    private final Set<ConnectionId> expected;

    Stream(Set<ConnectionId> expected) {
      this.expected = expected;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      if (event.type() == ConnectionEvent.Type.INITIAL_STATE_TRANSFER) {
        begun(event);
        return;
      }
      event.connections().forEach(connection -> forward(event.type(), connection));
    }

    @Override
    public void onEnd(Throwable cause) {
      synchronized (lock) {
        if (closed) {
          return;
        }
        failures++;
        retry =
            runtime
                .timer()
                .after(
                    runtime.backOff().delay(failures, runtime.random()),
                    EndpointWatch.this::subscribe);
      }
      boolean slow = cause instanceof EndpointException e && e.reason() == Reason.EXHAUSTED;
      if (!slow) {
        down(ids());
      }
    }

    private void begun(ConnectionEvent event) {
      synchronized (lock) {
        failures = 0;
      }
      Set<ConnectionId> present =
          event.connections().stream()
              .flatMap(connection -> idHere(connection).stream())
              .collect(Collectors.toSet());
      down(ids().stream().filter(id -> expected.contains(id) && !present.contains(id)).toList());
      // Nobody was told of changes while no stream was open.
      event.connections().forEach(connection -> forward(event.type(), connection));
    }
  }

  private List<ConnectionId> ids() {
    synchronized (lock) {
      return List.copyOf(entries.keySet());
    }
  }

  private void down(Collection<ConnectionId> lost) {
    lost.forEach(id -> sink.tell(id, ConnectionState.DOWN));
  }

  private void forward(ConnectionEvent.Type type, Connection there) {
    Optional<ConnectionId> known = idHere(there);
    if (known.isEmpty()) {
      return;
    }
    ConnectionId id = known.get();
    if (type == ConnectionEvent.Type.DELETE) {
      sink.closed(id);
    } else if (there.state() != ConnectionState.UP) {
      sink.tell(id, there.state());
    } else if (entry(id).filter(entry -> !entry.ip.equals(there.ip())).isPresent()) {
      // A change reaches the client's interface only by a request.
      sink.tell(id, ConnectionState.REFRESH_REQUESTED);
    }
  }

  private Optional<Entry> entry(ConnectionId id) {
    synchronized (lock) {
      return Optional.ofNullable(entries.get(id));
    }
  }

  /** Our id of the connection, found by our name in its path; empty if we do not watch it. */
  private Optional<ConnectionId> idHere(Connection there) {
    return there.path().segments().stream()
        .filter(segment -> segment.name().equals(ownName) && !segment.id().isBlank())
        .map(segment -> new ConnectionId(segment.id()))
        .filter(id -> entry(id).isPresent())
        .findFirst();
  }

  private record Entry(Object owner, IpContext ip) {}
}
