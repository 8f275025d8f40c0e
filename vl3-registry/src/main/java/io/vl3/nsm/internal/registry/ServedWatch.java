package io.vl3.nsm.internal.registry;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.grpc.internal.BoundedStream;
import io.vl3.grpc.internal.RegistryConverter;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One client's watch of a registry that is served. */
final class ServedWatch implements Registry.Listener {

  private static final int QUEUED_CHANGES = 8 * 1024;

  private final BoundedStream<NetworkServiceEndpointResponse> stream;
  private final AtomicReference<Registry.@Nullable Subscription> subscription =
      new AtomicReference<>();
  private volatile boolean ended;

  /** A watch, made while the call's handler runs. */
  ServedWatch(ServerCallStreamObserver<NetworkServiceEndpointResponse> observer) {
    this.stream = new BoundedStream<>(observer, QUEUED_CHANGES, this::stop);
  }

  void start(Registry registry, EndpointQuery query) {
    subscription.set(registry.watch(query, this));
    if (ended) {
      unsubscribe();
    }
  }

  void end(Status status) {
    stream.end(status);
  }

  @Override
  public void onPresent(EndpointRecord endpoint) {
    send(endpoint, false);
  }

  @Override
  public void onGone(EndpointRecord endpoint) {
    send(endpoint, true);
  }

  private void send(EndpointRecord endpoint, boolean deleted) {
    stream.send(
        endpoint.name(),
        () -> RegistryConverter.toResponse(endpoint, deleted),
        // The registry keeps who is there.
        deleted ? RecordWeight.of(endpoint) : 0);
  }

  @Override
  public void onEnd(Throwable cause) {
    stream.end(
        Status.UNAVAILABLE.withDescription(
            "registry: watch ended: " + StatusCodes.toException(cause).getMessage()));
  }

  private void stop() {
    ended = true;
    unsubscribe();
  }

  private void unsubscribe() {
    Registry.Subscription open = subscription.getAndSet(null);
    if (open != null) {
      open.close();
    }
  }
}
