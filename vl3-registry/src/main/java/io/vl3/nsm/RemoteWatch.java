package io.vl3.nsm;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.grpc.RegistryConverter;
import io.vl3.grpc.StatusCodes;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch of a remote registry. The API does not say when all that was there has been told, so a
 * plain search beside the watch does: the start is complete when the watch has told of everything
 * that the search found. What left in between shows by its absence from the next search.
 *
 * <p>Everything runs in one synchronisation context, so the listener is told by one thread at a
 * time.
 */
final class RemoteWatch implements Registry.Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteWatch.class);

  /** By then the watch has been served for long: what it has not told by now it will not. */
  private static final int MAX_SEARCHES = 8;

  private final Channel channel;
  private final EndpointQuery query;
  private final Registry.Listener listener;
  private final Duration searchTimeout;
  private final SynchronizationContext serial;
  private final Set<String> told = new HashSet<>();
  private Set<String> awaited = new HashSet<>();
  private int searches;
  private boolean searching = true;
  private boolean synced;
  private volatile boolean closed;
  private @Nullable ClientCallStreamObserver<NetworkServiceEndpointQuery> call;

  private RemoteWatch(
      Channel channel, EndpointQuery query, Registry.Listener listener, Duration searchTimeout) {
    this.channel = channel;
    this.query = query;
    this.listener = listener;
    this.searchTimeout = searchTimeout;
    this.serial = new SynchronizationContext((thread, fault) -> end(fault));
  }

  static RemoteWatch start(
      Channel channel, EndpointQuery query, Registry.Listener listener, Duration searchTimeout) {
    RemoteWatch watch = new RemoteWatch(channel, query, listener, searchTimeout);
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
    ClientCallStreamObserver<NetworkServiceEndpointQuery> open = call;
    if (open != null) {
      open.cancel("watch closed", null);
    }
  }

  private void change(NetworkServiceEndpointResponse change) {
    if (closed) {
      return;
    }
    try {
      EndpointRecord endpoint = RegistryConverter.toDomain(change.getNetworkServiceEndpoint());
      told.add(endpoint.name());
      if (RegistryConverter.isRemoval(change)) {
        listener.onGone(endpoint);
      } else {
        listener.onPresent(endpoint);
      }
      checkSynced();
    } catch (EndpointException malformed) {
      // One that nobody can use shall not keep the others from us.
      LOG.warn("registry: an endpoint was left out: {}", malformed.getMessage());
    }
  }

  private void end(Throwable failure) {
    if (!closed) {
      close();
      listener.onEnd(StatusCodes.toException(failure));
    }
  }

  private void search() {
    searches++;
    searching = true;
    NetworkServiceEndpointRegistryGrpc.newStub(channel)
        .withDeadlineAfter(searchTimeout.toNanos(), TimeUnit.NANOSECONDS)
        .find(RegistryConverter.toProto(query, false), new Found());
  }

  private void found(Set<String> names) {
    searching = false;
    awaited = names;
    checkSynced();
    if (!synced && !closed) {
      search();
    }
  }

  private void checkSynced() {
    if (synced || searching || closed) {
      return;
    }
    if (told.containsAll(awaited) || searches >= MAX_SEARCHES) {
      synced = true;
      told.clear();
      awaited.clear();
      listener.onSynced();
    }
  }

  /** What the watch tells. */
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

  /** What a search finds. */
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
    }

    @Override
    public void onCompleted() {
      serial.execute(() -> found(names));
    }
  }
}
