package io.vl3.nsm.legacy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.legacy.Dialled.Known;
import java.util.List;
import java.util.Optional;

/**
 * The events of a manager of the 0.2 API for one connection that we asked it for. What the manager
 * shows at the start says nothing about what it leaves out, so that an empty list is no sign of
 * trouble. It heals by itself: of a connection that has other addresses afterwards, it is said that
 * it is to be asked for anew. Thread-safe.
 */
final class LegacyMonitor implements ConnectionMonitor {

  private final ConnectionMonitor remote;
  private final Dialled dialled;

  /**
   * A monitor.
   *
   * @param remote the manager's, as if it were v1
   */
  LegacyMonitor(ConnectionMonitor remote, Dialled dialled) {
    this.remote = remote;
    this.dialled = dialled;
  }

  /** Of a connection that is not known, nothing comes but the end. */
  @Override
  public Subscription monitor(MonitorSelector selector, Listener listener) {
    Optional<ConnectionId> own =
        selector.segments().stream().findFirst().map(PathSegment::id).map(ConnectionId::new);
    Optional<Known> known = own.flatMap(dialled::find);
    if (known.isEmpty()) {
      listener.onEnd(
          new EndpointException(
              Reason.CANCELLED, "monitor: %s (expected: a connection asked for)".formatted(own)));
      return () -> {};
    }
    MonitorSelector there =
        new MonitorSelector(List.of(PathSegment.of(known.get().manager(), "")), List.of());
    return remote.monitor(there, new OfOne(own.get(), listener));
  }

  private final class OfOne implements Listener {

    private final ConnectionId own;
    private final Listener listener;

    OfOne(ConnectionId own, Listener listener) {
      this.own = own;
      this.listener = listener;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      Optional<Known> known = dialled.find(own);
      event.connections().stream()
          .filter(shown -> known.isPresent() && isOf(known.get(), shown))
          .map(shown -> read(known.get(), shown))
          .forEach(shown -> listener.onEvent(new ConnectionEvent(event.type(), List.of(shown))));
    }

    @Override
    public void onEnd(Throwable cause) {
      listener.onEnd(cause);
    }

    private Connection read(Known known, Connection shown) {
      boolean moved = !Known.addresses(shown).equals(known.addresses());
      Connection named = shown.withId(own);
      return moved && shown.state() == ConnectionState.UP
          ? named.withState(ConnectionState.REFRESH_REQUESTED)
          : named;
    }
  }

  private static boolean isOf(Known known, Connection shown) {
    return shown.id().map(ConnectionId::value).filter(known.id()::equals).isPresent();
  }
}
