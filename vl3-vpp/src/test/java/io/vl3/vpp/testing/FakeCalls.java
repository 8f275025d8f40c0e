package io.vl3.vpp.testing;

import io.vl3.vpp.testing.FakeAgent.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The calls that an agent got, and how it takes them: at what pace, or never. Thread-safe. */
final class FakeCalls {

  private final List<Call> calls = new ArrayList<>();
  private Consumer<Runnable> pace = Runnable::run;
  private Consumer<Call> listener = call -> {};
  private boolean hanging;

  synchronized void take(Duration duration, ScheduledExecutorService scheduler) {
    pace =
        handling -> {
          var unused = scheduler.schedule(handling, duration.toNanos(), TimeUnit.NANOSECONDS);
        };
  }

  synchronized void hang(boolean value) {
    hanging = value;
  }

  synchronized void tell(Consumer<Call> somebody) {
    listener = somebody;
  }

  synchronized void add(Call call) {
    calls.add(call);
    listener.accept(call);
  }

  synchronized List<Call> all() {
    return List.copyOf(calls);
  }

  synchronized void forget() {
    calls.clear();
  }

  /** Handles a call at its pace, without holding a lock. */
  void handle(Runnable handling) {
    Consumer<Runnable> now;
    synchronized (this) {
      if (hanging) {
        return;
      }
      now = pace;
    }
    now.accept(handling);
  }
}
