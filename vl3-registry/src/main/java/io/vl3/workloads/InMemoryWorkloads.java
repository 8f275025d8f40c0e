package io.vl3.workloads;

import io.vl3.api.svreg.EventType;
import io.vl3.api.svreg.RegisteredWorkloads;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Registered workloads, kept in memory and bounded in bytes. One that is registered for a time ends
 * with it unless it is registered again. A workload is who registered it says it is: service,
 * connectivity domain, identifier and addresses; its ports may change.
 *
 * <p>Thread-safe. Watchers are called under the lock and only queue.
 */
final class InMemoryWorkloads {

  /** What a workload costs beside its message. */
  private static final long PLACE_BYTES = 512;

  private static final long LARGEST_BYTES = 16 * 1024;
  private static final Duration SWEEP = Duration.ofSeconds(5);

  private final Timer timer;
  private final SharedMemory memory;
  private final Map<ServiceWorkload, Item> items = new LinkedHashMap<>();
  private final Set<Watch> watches = new HashSet<>();
  private boolean sweeping;

  /** One who watches; it only queues. */
  interface Watch {

    /** Who is registered at the start; called first, and once. */
    void present(List<WorkloadEvent> there);

    void changed(WorkloadEvent event);
  }

  private record Item(ServiceWorkload workload, Optional<Instant> end) {

    long bytes() {
      return workload.getSerializedSize() + PLACE_BYTES;
    }
  }

  /**
   * Nobody is registered.
   *
   * @param memory what workloads may take
   */
  InMemoryWorkloads(Timer timer, SharedMemory memory) {
    this.timer = timer;
    this.memory = memory;
  }

  /**
   * Registers each workload of a message.
   *
   * @param lifetime after which it ends; empty: when it is removed
   * @throws EndpointException INVALID for one without a name, EXHAUSTED if memory is full; those
   *     before it stay
   */
  void register(ServiceWorkload message, Optional<Duration> lifetime) throws EndpointException {
    List<ServiceWorkload> singles = singles(message);
    Optional<Instant> end = lifetime.map(timer.instant()::plus);
    synchronized (this) {
      for (ServiceWorkload single : singles) {
        put(single, end);
      }
      if (end.isPresent()) {
        sweepLater();
      }
    }
  }

  private void put(ServiceWorkload single, Optional<Instant> end) throws EndpointException {
    ServiceWorkload key = key(single);
    Optional<Item> before = Optional.ofNullable(items.get(key));
    Item now = new Item(single, end);
    if (!memory.take(this, now.bytes() - before.map(Item::bytes).orElse(0L))) {
      throw new EndpointException(
          Reason.EXHAUSTED,
          "workloads: %d (expected: fewer; their memory is full)".formatted(items.size()));
    }
    items.put(key, now);
    if (!before.map(old -> old.workload.equals(single)).orElse(false)) {
      tell(EventType.Register, single);
    }
  }

  /** Removes each workload of a message; those that are not registered are ignored. */
  void remove(ServiceWorkload message) throws EndpointException {
    List<ServiceWorkload> singles = singles(message);
    synchronized (this) {
      singles.forEach(single -> drop(key(single)));
    }
  }

  private void drop(ServiceWorkload key) {
    Item gone = items.remove(key);
    if (gone != null) {
      memory.giveBack(this, gone.bytes());
      tell(EventType.Remove, gone.workload);
    }
  }

  /** All, those of one service and domain with the same ports together. */
  synchronized RegisteredWorkloads all() {
    Map<ServiceWorkload, ServiceWorkload.Builder> services = new LinkedHashMap<>();
    for (Item item : items.values()) {
      services
          .computeIfAbsent(
              item.workload.toBuilder().clearWorkloads().build(), ServiceWorkload::toBuilder)
          .addAllWorkloads(item.workload.getWorkloadsList());
    }
    RegisteredWorkloads.Builder all = RegisteredWorkloads.newBuilder();
    services.values().forEach(all::addWorkloads);
    return all.build();
  }

  /** Starts to watch. */
  synchronized void watch(Watch watch) {
    watches.add(watch);
    watch.present(
        items.values().stream().map(item -> event(EventType.Register, item.workload)).toList());
  }

  synchronized void unwatch(Watch watch) {
    watches.remove(watch);
  }

  synchronized int size() {
    return items.size();
  }

  synchronized int watches() {
    return watches.size();
  }

  private void tell(EventType type, ServiceWorkload workload) {
    WorkloadEvent event = event(type, workload);
    List.copyOf(watches).forEach(watch -> watch.changed(event));
  }

  private static WorkloadEvent event(EventType type, ServiceWorkload workload) {
    return WorkloadEvent.newBuilder().setEventType(type).setServiceWorkload(workload).build();
  }

  private void sweepLater() {
    if (!sweeping) {
      sweeping = true;
      var unused = timer.after(SWEEP, this::sweep);
    }
  }

  private synchronized void sweep() {
    sweeping = false;
    Instant now = timer.instant();
    List<ServiceWorkload> ended = new ArrayList<>();
    boolean more = false;
    for (Map.Entry<ServiceWorkload, Item> each : items.entrySet()) {
      Optional<Instant> end = each.getValue().end;
      if (end.map(at -> !now.isBefore(at)).orElse(false)) {
        ended.add(each.getKey());
      } else {
        more |= end.isPresent();
      }
    }
    ended.forEach(this::drop);
    if (more) {
      sweepLater();
    }
  }

  private static ServiceWorkload key(ServiceWorkload single) {
    return single.toBuilder().clearPorts().build();
  }

  /** One message a workload, without what we do not know of. */
  private static List<ServiceWorkload> singles(ServiceWorkload message) throws EndpointException {
    if (message.getServiceName().isEmpty() || message.getWorkloadsCount() == 0) {
      throw new EndpointException(
          Reason.INVALID,
          "serviceName: %s, %d workloads (expected: a name, and one or more)"
              .formatted(message.getServiceName(), message.getWorkloadsCount()));
    }
    if (message.getSerializedSize() > LARGEST_BYTES) {
      throw new EndpointException(
          Reason.INVALID,
          "workload: %d bytes (expected: %d or fewer)"
              .formatted(message.getSerializedSize(), LARGEST_BYTES));
    }
    ServiceWorkload known = message.toBuilder().clearWorkloads().build();
    return message.getWorkloadsList().stream()
        .map(workload -> known.toBuilder().addWorkloads(workload).build())
        .toList();
  }
}
