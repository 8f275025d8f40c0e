package io.vl3.mesh.sim;

import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The registry of one domain: records that expire, watches that can be broken. */
final class SimulatedRegistry {

  static final Duration LIFETIME = Duration.ofSeconds(60);

  private final Scheduler scheduler;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private boolean away;

  SimulatedRegistry(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  boolean isAway() {
    return away;
  }

  /** A registered endpoint of a name; it may be dead. */
  Optional<EndpointRecord> find(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.record);
  }

  List<EndpointRecord> all() {
    return entries.values().stream().map(entry -> entry.record).toList();
  }

  int watching() {
    return watches.size();
  }

  /** A name belongs to who took it first: another is given a changed one. */
  EndpointRecord register(EndpointRecord asked) {
    String name = asked.name();
    for (int n = 1; isAnothers(name, asked); n++) {
      name = asked.name() + "-" + n;
    }
    Instant now = SimulatedTimer.truth(scheduler);
    Entry before = entries.get(name);
    Instant registered =
        Optional.ofNullable(before)
            .flatMap(entry -> entry.record.registered())
            .or(() -> asked.registered().filter(at -> !at.isAfter(now)))
            .orElse(now);
    EndpointRecord granted =
        asked.withName(name).withTimes(Optional.of(now.plus(LIFETIME)), Optional.of(registered));
    if (before != null) {
      scheduler.cancel(before.expiry);
    }
    String held = name;
    entries.put(name, new Entry(granted, scheduler.after(LIFETIME.toNanos(), () -> remove(held))));
    tell(granted, true);
    return granted;
  }

  void unregister(EndpointRecord record) {
    Entry held = entries.get(record.name());
    if (held != null && !isAnothers(record.name(), record)) {
      scheduler.cancel(held.expiry);
      remove(record.name());
    }
  }

  Registry.Subscription watch(EndpointQuery query, SimulatedLink link, Registry.Listener listener) {
    Watch watch = new Watch(query, link, listener);
    if (away || !link.isUp()) {
      link.deliveries().sendLast(link.latency(), () -> listener.onEnd(link.broken()));
      return () -> link.deliveries().end();
    }
    watches.add(watch);
    all().stream().filter(query::matches).forEach(record -> watch.tell(record, true));
    link.deliveries().send(link.latency(), listener::onSynced);
    return () -> {
      link.deliveries().end();
      watches.remove(watch);
    };
  }

  /** Breaks every stream and answers nobody. */
  void goAway() {
    away = true;
    List<Watch> broken = List.copyOf(watches);
    watches.clear();
    broken.forEach(Watch::end);
  }

  /** Answers again. One that does so already forgets nothing: its watches would not hear of it. */
  void comeBack(boolean forgetful) {
    if (!away) {
      return;
    }
    away = false;
    if (forgetful) {
      entries.values().forEach(entry -> scheduler.cancel(entry.expiry));
      entries.clear();
    }
  }

  /** Breaks the streams of those that cannot be reached any more. */
  void breakUnreachable() {
    for (Watch watch : List.copyOf(watches)) {
      if (!watch.link.isUp()) {
        watches.remove(watch);
        watch.end();
      }
    }
  }

  /** A process is no more, and so are its streams. */
  void forget(Run process) {
    watches.removeIf(watch -> watch.link.deliveries().receiver() == process);
  }

  private boolean isAnothers(String name, EndpointRecord asking) {
    return find(name)
        .filter(
            held ->
                !held.url().equals(asking.url())
                    && !(asking.registered().isPresent()
                        && asking.registered().equals(held.registered())))
        .isPresent();
  }

  private void remove(String name) {
    Entry gone = entries.remove(name);
    if (gone != null) {
      tell(gone.record, false);
    }
  }

  private void tell(EndpointRecord record, boolean present) {
    for (Watch watch : List.copyOf(watches)) {
      if (watch.query.matches(record)) {
        watch.tell(record, present);
      }
    }
  }

  private record Entry(EndpointRecord record, Scheduler.Event expiry) {}

  private record Watch(EndpointQuery query, SimulatedLink link, Registry.Listener listener) {

    void tell(EndpointRecord record, boolean present) {
      link.deliveries()
          .send(
              link.latency(),
              () -> {
                if (present) {
                  listener.onPresent(record);
                } else {
                  listener.onGone(record);
                }
              });
    }

    void end() {
      link.deliveries().sendLast(link.latency(), () -> listener.onEnd(link.broken()));
    }
  }
}
