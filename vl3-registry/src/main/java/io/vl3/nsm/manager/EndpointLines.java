package io.vl3.nsm.manager;

import io.grpc.ManagedChannel;
import io.vl3.connection.Connection;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.RemoteEndpoint;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.internal.file.InodeUrls;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.transport.GrpcChannels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels to the endpoints that serve our connections, one per URL, with one monitor stream
 * each; over TLS with one per connection, for there an endpoint wants to hear the id of one. A
 * channel is closed when nobody leases it any more. Thread-safe; does not block.
 */
final class EndpointLines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointLines.class);

  private final String ownName;
  private final NsmRuntime runtime;
  private final Registry registry;
  private final EventSink sink;

  private final Object lock = new Object();
  private final Map<String, Line> lines = new HashMap<>();

  /**
   * No lines yet.
   *
   * @param ownName our name in paths
   * @param registry says of an endpoint that is away that it will not come back
   */
  EndpointLines(String ownName, NsmRuntime runtime, Registry registry, EventSink sink) {
    this.ownName = ownName;
    this.runtime = runtime;
    this.registry = registry;
    this.sink = sink;
  }

  /** A lease of the channel to a URL. */
  Lease acquire(String url) throws EndpointException {
    Line line;
    boolean fresh;
    synchronized (lock) {
      Line known = lines.get(url);
      fresh = known == null;
      line = known == null ? open(url) : known;
      lines.put(url, line);
      line.leases++;
    }
    if (fresh) {
      line.watchRegistration();
    }
    // An endpoint that stopped answering may be back long before gRPC's own back-off would look.
    GrpcChannels.wake(line.channel);
    return new Lease(line);
  }

  private Line open(String url) throws EndpointException {
    String there = reachable(url);
    return new Line(url, runtime.dial(there), there);
  }

  /** A socket that was passed to us as a file is reached by the file. */
  private String reachable(String url) throws EndpointException {
    if (!InodeUrls.isInode(url)) {
      return url;
    }
    return "unix://"
        + runtime
            .files()
            .locate(url)
            .orElseThrow(
                () ->
                    new EndpointException(Reason.UNAVAILABLE, url + ": its registration is gone"));
  }

  /** How many channels are open. */
  int size() {
    synchronized (lock) {
      return lines.size();
    }
  }

  /** Closes every channel at once, whoever leases it; idempotent. */
  @Override
  public void close() {
    List<Line> open;
    synchronized (lock) {
      open = List.copyOf(lines.values());
      lines.clear();
    }
    open.forEach(Line::shutDown);
  }

  /** The right to use a channel until closed. */
  final class Lease implements AutoCloseable {

    private final Line line;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<Optional<EndpointWatch>> own =
        new AtomicReference<>(Optional.empty());

    private Lease(Line line) {
      this.line = line;
    }

    /** The endpoint at the other end. */
    Endpoint endpoint() {
      return line.endpoint;
    }

    /** Closes a connection that has moved, and leaves what its session holds now alone. */
    void leave(Connection connection, Session session, Next end) throws EndpointException {
      line.remote.close(connection, session, end);
    }

    /** Tells the sink of what happens to a connection there, until this lease is closed. */
    void watch(Connection connection) {
      if (runtime.transport().tls().isEmpty()) {
        line.watch.add(connection, this);
        return;
      }
      EndpointWatch exact =
          new EndpointWatch(ownName, connection.requireId().value(), line.channel, sink, runtime);
      line.exact.add(exact);
      own.getAndSet(Optional.of(exact)).ifPresent(this::end);
      exact.add(connection, this);
    }

    /** Tells no more: what happens now is our own doing. */
    void rest() {
      line.watch.removeAllOf(this);
      own.getAndSet(Optional.empty()).ifPresent(this::end);
    }

    private void end(EndpointWatch exact) {
      line.exact.remove(exact);
      exact.close();
    }

    /** Gives the lease back; idempotent. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        rest();
        release(line);
      }
    }
  }

  private void release(Line line) {
    synchronized (lock) {
      line.leases--;
      if (line.leases > 0) {
        return;
      }
      lines.remove(line.url, line);
    }
    line.shutDown();
  }

  private final class Line implements Registry.Listener {
    final String url;
    final ManagedChannel channel;
    final Endpoint remote;
    final Endpoint endpoint;
    final EndpointWatch watch;

    /** Those of single connections. */
    final Set<EndpointWatch> exact = ConcurrentHashMap.newKeySet();

    /** Guarded by this, like the next. */
    private Registry.Subscription registration = () -> {};

    private boolean over;

    int leases;

    Line(String url, ManagedChannel channel, String there) {
      this.url = url;
      this.channel = channel;
      this.remote = new RemoteEndpoint(channel, runtime.closeTimeout());
      this.endpoint = runtime.networkServiceAt(channel, there);
      this.watch = new EndpointWatch(ownName, channel, sink, runtime);
    }

    void watchRegistration() {
      Registry.Subscription opened = registry.watch(new EndpointQuery("", "", Map.of(), url), this);
      boolean late;
      synchronized (this) {
        late = over;
        registration = opened;
      }
      if (late) {
        opened.close();
      }
    }

    @Override
    public void onPresent(EndpointRecord endpoint) {}

    @Override
    public void onGone(EndpointRecord gone) {
      if (gone.url().equals(url)) {
        watch.forgotten();
        exact.forEach(EndpointWatch::forgotten);
      }
    }

    /** From now on whoever waits for a dead endpoint learns of it by asking. */
    @Override
    public void onEnd(Throwable cause) {
      LOG.debug("registrations at {}: no longer watched: {}", url, cause.getMessage());
    }

    void shutDown() {
      Registry.Subscription open;
      synchronized (this) {
        over = true;
        open = registration;
      }
      open.close();
      watch.close();
      channel.shutdown();
    }
  }
}
