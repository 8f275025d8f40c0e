package io.vl3.grpc.internal;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.MonitorSelector;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The connection monitor at the other end of a channel. Listeners are called on the channel's
 * executor. A broken stream ends the watch with the {@link EndpointException} of its status; the
 * watcher subscribes again.
 */
public final class RemoteMonitor implements ConnectionMonitor {

  private final Channel channel;

  /** The monitor behind a channel, which the caller owns. */
  public RemoteMonitor(Channel channel) {
    this.channel = channel;
  }

  @Override
  public Subscription monitor(MonitorSelector selector, Listener listener) {
    Watch watch = new Watch(listener);
    // A watch outlives the call in which it was begun.
    Context.ROOT.run(
        () ->
            MonitorConnectionGrpc.newStub(channel)
                .monitorConnections(EventConverter.toProto(selector), watch));
    return watch;
  }

  private static final class Watch
      implements ClientResponseObserver<
              MonitorScopeSelector, io.vl3.api.connection.ConnectionEvent>,
          Subscription {

    private final Listener listener;
    private volatile @Nullable ClientCallStreamObserver<MonitorScopeSelector> call;
    private volatile boolean closed;

    Watch(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<MonitorScopeSelector> started) {
      call = started;
    }

    @Override
    public void onNext(io.vl3.api.connection.ConnectionEvent event) {
      if (closed) {
        return;
      }
      ConnectionEvent read;
      try {
        read = EventConverter.toDomain(event);
      } catch (EndpointException malformed) {
        onError(malformed);
        close();
        return;
      }
      listener.onEvent(read);
    }

    @Override
    public void onError(Throwable failure) {
      if (!closed) {
        closed = true;
        listener.onEnd(StatusCodes.toException(failure));
      }
    }

    @Override
    public void onCompleted() {
      onError(new EndpointException(Reason.UNAVAILABLE, "monitor: stream ended by the server"));
    }

    @Override
    public void close() {
      closed = true;
      ClientCallStreamObserver<MonitorScopeSelector> open = call;
      if (open != null) {
        open.cancel("watch closed", null);
      }
    }
  }
}
