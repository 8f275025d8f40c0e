package io.vl3.vpp.internal;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vl3.api.ligato.configurator.NotifyRequest;
import io.vl3.api.ligato.configurator.NotifyResponse;
import io.vl3.api.ligato.vpp.interfaces.InterfaceState;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to an agent's notifications: what comes are hints that an interface was lost, and the
 * stream's end that the agent may be gone. Nothing is believed without a look.
 */
public final class AgentWatch implements AutoCloseable {

  private final Consumer<String> onLostInterface;
  private final Consumer<String> onEnd;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable ClientCallStreamObserver<NotifyRequest> call;

  private AgentWatch(Consumer<String> onLostInterface, Consumer<String> onEnd) {
    this.onLostInterface = onLostInterface;
    this.onEnd = onEnd;
  }

  /**
   * Starts to listen.
   *
   * @param onLostInterface told the name of an interface that went down or away; must not block
   * @param onEnd told once why the stream broke; not after close; must not block
   */
  public static AgentWatch start(
      AgentClient client, Consumer<String> onLostInterface, Consumer<String> onEnd) {
    AgentWatch watch = new AgentWatch(onLostInterface, onEnd);
    client.listen(watch.new Listener());
    return watch;
  }

  /** Whether it still listens. */
  public boolean isOpen() {
    return !closed.get();
  }

  /** Stops to listen; idempotent. */
  @Override
  public void close() {
    closed.set(true);
    ClientCallStreamObserver<NotifyRequest> now = call;
    if (now != null) {
      now.cancel("closed", null);
    }
  }

  private void end(String why) {
    if (closed.compareAndSet(false, true)) {
      onEnd.accept(why);
    }
  }

  private static Optional<String> lostInterface(NotifyResponse response) {
    InterfaceState state =
        response.getNotification().getVppNotification().getInterface().getState();
    return switch (state.getOperStatus()) {
      case DOWN, DELETED -> Optional.of(state.getName());
      default -> Optional.empty();
    };
  }

  private final class Listener implements ClientResponseObserver<NotifyRequest, NotifyResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<NotifyRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(NotifyResponse response) {
      if (!closed.get()) {
        lostInterface(response).ifPresent(onLostInterface);
      }
    }

    @Override
    public void onError(Throwable cause) {
      Status status = Status.fromThrowable(cause);
      if (status.getCode() != Status.Code.UNIMPLEMENTED) {
        end(String.valueOf(status.getDescription()));
      }
    }

    @Override
    public void onCompleted() {
      end("the agent ended its notifications");
    }
  }
}
