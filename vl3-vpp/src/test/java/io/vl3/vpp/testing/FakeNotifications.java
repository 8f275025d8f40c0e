package io.vl3.vpp.testing;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ligato.configurator.Notification;
import io.vl3.api.ligato.configurator.NotifyResponse;
import io.vl3.api.ligato.vpp.interfaces.InterfaceNotification;
import io.vl3.api.ligato.vpp.interfaces.InterfaceState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells listeners which interfaces came and went. Not thread-safe: used under the agent's lock. */
final class FakeNotifications {

  private final List<StreamObserver<NotifyResponse>> listeners = new ArrayList<>();
  private Set<String> known = new HashSet<>();
  private boolean losing;
  private boolean ending;
  private int next = 1;

  void lose(boolean value) {
    losing = value;
  }

  void endAtOnce(boolean value) {
    ending = value;
  }

  void add(StreamObserver<NotifyResponse> listener) {
    if (ending) {
      listener.onCompleted();
    } else {
      listeners.add(listener);
    }
  }

  void remove(StreamObserver<NotifyResponse> listener) {
    listeners.remove(listener);
  }

  int listeners() {
    return listeners.size();
  }

  /** The process is gone, and the streams with it. */
  void end() {
    List<StreamObserver<NotifyResponse>> all = List.copyOf(listeners);
    listeners.clear();
    known.clear();
    next = 1;
    all.forEach(
        listener ->
            listener.onError(
                Status.UNAVAILABLE.withDescription("agent: ends").asRuntimeException()));
  }

  void tell(Set<String> now) {
    for (String name : now) {
      if (!known.contains(name)) {
        tell(name, InterfaceState.Status.UP);
      }
    }
    for (String name : known) {
      if (!now.contains(name)) {
        tell(name, InterfaceState.Status.DELETED);
      }
    }
    known = now;
  }

  private void tell(String name, InterfaceState.Status status) {
    NotifyResponse.Builder response = NotifyResponse.newBuilder().setNextIdx(next++);
    response.setNotification(
        Notification.newBuilder()
            .setVppNotification(
                io.vl3.api.ligato.vpp.Notification.newBuilder()
                    .setInterface(
                        InterfaceNotification.newBuilder()
                            .setType(InterfaceNotification.NotifType.UPDOWN)
                            .setState(
                                InterfaceState.newBuilder().setName(name).setOperStatus(status)))));
    if (!losing) {
      listeners.forEach(listener -> listener.onNext(response.build()));
    }
  }
}
