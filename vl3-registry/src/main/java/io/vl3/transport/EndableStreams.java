package io.vl3.transport;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends open streams with a status of their own before their server ends. A server that stops resets
 * them otherwise, which clients see as CANCELLED: for a monitor that means "closed, do not heal".
 */
final class EndableStreams implements ServerInterceptor {

  private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Stream<Q, A> stream = new Stream<>(call);
    open.add(stream);
    return new Forgetting<>(next.startCall(stream, headers), () -> open.remove(stream));
  }

  void end(Status status) {
    open.forEach(stream -> stream.end(status));
  }

  /** A call that is ended once, by its service or from outside; later messages are dropped. */
  private static final class Stream<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private boolean ended;

    Stream(ServerCall<Q, A> call) {
      super(call);
    }

    synchronized void end(Status status) {
      close(status, new Metadata());
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!ended) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!ended) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!ended) {
        ended = true;
        super.close(status, trailers);
      }
    }
  }

  private static final class Forgetting<Q>
      extends io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {

    private final Runnable onEnd;

    Forgetting(ServerCall.Listener<Q> listener, Runnable onEnd) {
      super(listener);
      this.onEnd = onEnd;
    }

    @Override
    public void onCancel() {
      onEnd.run();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      onEnd.run();
      super.onComplete();
    }
  }
}
