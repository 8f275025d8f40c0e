package io.vl3.nsm.internal.registry;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.RegistryConverter;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch of a remote registry. The API does not say when all that was there has been shown, so a
 * plain search beside the watch does: the start is complete when the watch has shown everything
 * that the search found. An endpoint that left in between shows by its absence from a later search.
 *
 * <p>Everything runs in one synchronisation context, so the listener is called by one thread at a
 * time.
 */
final class RemoteWatch implements Registry.Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteWatch.class);

  /** By then the watch has been served for long: what it has not shown by now it will not. */
  private static final int MAX_SEARCHES = 8;

  /** Before the second search; doubled before each later one, which makes 12 s for all. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Channel channel;
  private final EndpointQuery query;
  private final Registry.Listener listener;
  private final Duration searchTimeout;
  private final Timer timer;
  private final SynchronizationContext serial;
  private final Set<String> told = new HashSet<>();
  private Set<String> awaited = new HashSet<>();

  /** How many searches were answered. */
  private int searches;

  private Duration pause = FIRST_PAUSE;
  private boolean searching = true;
  private boolean synced;
  private Timer.Cancellable next = () -> {};
  private volatile boolean closed;
  private @Nullable ClientCallStreamObserver<NetworkServiceEndpointQuery> call;

  private RemoteWatch(
      Channel channel,
      EndpointQuery query,
      Registry.Listener listener,
      Duration searchTimeout,
      Timer timer) {
    this.channel = channel;
    this.query = query;
    this.listener = listener;
    this.searchTimeout = searchTimeout;
    this.timer = timer;
    this.serial = new SynchronizationContext((thread, fault) -> end(fault));
  }

  static RemoteWatch start(
      Channel channel,
      EndpointQuery query,
      Registry.Listener listener,
      Duration searchTimeout,
      Timer timer) {
    RemoteWatch watch = new RemoteWatch(channel, query, listener, searchTimeout, timer);
    // A watch outlives the call in which it was begun.
    Context.ROOT.run(() -> watch.serial.execute(watch::open));
    return watch;
  }

  /** Serial like all else: a call that is cancelled while it is being started throws. */
  private void open() {
    NetworkServiceEndpointRegistryGrpc.newStub(channel)
        .find(RegistryConverter.toProto(query, true), new Changes());
    search();
  }

  @Override
  public void close() {
    closed = true;
    serial.execute(this::cancel);
  }

  private void cancel() {
    next.cancel();
    ClientCallStreamObserver<NetworkServiceEndpointQuery> open = call;
    if (open != null) {
      open.cancel("watch closed", null);
    }
  }

  private void change(NetworkServiceEndpointResponse change) {
    if (closed) {
      return;
    }
    told.add(change.getNetworkServiceEndpoint().getName());
    try {
      EndpointRecord endpoint = RegistryConverter.toDomain(change.getNetworkServiceEndpoint());
      if (RegistryConverter.isRemoval(change)) {
        listener.onGone(endpoint);
      } else {
        listener.onPresent(endpoint);
      }
    } catch (EndpointException malformed) {
      // One that nobody can use shall not keep the others from us.
      LOG.warn("registry: an endpoint was left out: {}", malformed.getMessage());
    }
    checkSynced();
  }

  private void end(Throwable failure) {
    if (!closed) {
      close();
      listener.onEnd(StatusCodes.toException(failure));
    }
  }

  private void search() {
    if (synced || closed) {
      return;
    }
    searching = true;
    NetworkServiceEndpointRegistryGrpc.newStub(channel)
        .withDeadlineAfter(searchTimeout.toNanos(), TimeUnit.NANOSECONDS)
        .find(RegistryConverter.toProto(query, false), new Found());
  }

  private void found(Set<String> names) {
    searches++;
    searching = false;
    awaited = names;
    checkSynced();
    searchLater();
  }

  /**
   * The watch may meanwhile have shown everything that the last search found; then there is no
   * other.
   */
  private void searchLater() {
    if (!synced && !closed) {
      next = timer.after(pause, () -> serial.execute(this::search));
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void checkSynced() {
    if (synced || searching || closed) {
      return;
    }
    if (told.containsAll(awaited) || searches >= MAX_SEARCHES) {
      synced = true;
      next.cancel();
      told.clear();
      awaited.clear();
      listener.onSynced();
    }
  }

  /** Receives the watch's answers. */
  private final class Changes
      implements ClientResponseObserver<
          NetworkServiceEndpointQuery, NetworkServiceEndpointResponse> {

    @Override
    public void beforeStart(ClientCallStreamObserver<NetworkServiceEndpointQuery> started) {
      call = started;
    }

    @Override
    public void onNext(NetworkServiceEndpointResponse change) {
      serial.execute(() -> change(change));
    }

    @Override
    public void onError(Throwable failure) {
      serial.execute(() -> end(failure));
    }

    @Override
    public void onCompleted() {
      onError(new EndpointException(Reason.UNAVAILABLE, "registry: watch ended by the server"));
    }
  }

  /** Receives a search's answers. */
  private final class Found implements StreamObserver<NetworkServiceEndpointResponse> {

    private final Set<String> names = new HashSet<>();

    @Override
    public void onNext(NetworkServiceEndpointResponse each) {
      if (!RegistryConverter.isRemoval(each)) {
        names.add(each.getNetworkServiceEndpoint().getName());
      }
    }

    @Override
    public void onError(Throwable failure) {
      // Without an answer the start stays open; a registry that is away ends the watch itself.
      LOG.debug("registry: search beside the watch failed: {}", failure.getMessage());
      serial.execute(RemoteWatch.this::searchLater);
    }

    @Override
    public void onCompleted() {
      serial.execute(() -> found(names));
    }
  }
}
