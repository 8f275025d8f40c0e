package io.vl3.nsm;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a server answers to gRPC's health checks ({@code grpc.health.v1}), of the server as a whole
 * and of its network service. Thread-safe.
 */
public final class ServedHealth {

  private static final List<String> SERVICES =
      List.of(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, "networkservice.NetworkService");

  private final HealthStatusManager manager = new HealthStatusManager();
  private final AtomicBoolean ended = new AtomicBoolean();

  private ServedHealth(ServingStatus status) {
    set(status);
  }

  /** Of a server that has to be registered before somebody finds it. */
  static ServedHealth notYet() {
    return new ServedHealth(ServingStatus.NOT_SERVING);
  }

  /** Of a server that serves at once. */
  public static ServedHealth serving() {
    return new ServedHealth(ServingStatus.SERVING);
  }

  /** The service to be served beside the others. */
  public BindableService service() {
    return manager.getHealthService();
  }

  /** It serves from now on. */
  void serves() {
    set(ServingStatus.SERVING);
  }

  /** It serves no more, whatever is said later. Idempotent. */
  public void ended() {
    // The manager logs a second time as a fault, with a trace.
    if (ended.compareAndSet(false, true)) {
      manager.enterTerminalState();
    }
  }

  private void set(ServingStatus status) {
    SERVICES.forEach(service -> manager.setStatus(service, status));
  }
}
