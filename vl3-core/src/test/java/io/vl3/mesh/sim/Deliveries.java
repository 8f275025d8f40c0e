package io.vl3.mesh.sim;

/** A stream to one process: what is sent arrives in order, each after the latency of its time. */
final class Deliveries {

  private final Scheduler scheduler;
  private final Run receiver;
  private long last;
  private boolean ended;

  Deliveries(Scheduler scheduler, Run receiver) {
    this.scheduler = scheduler;
    this.receiver = receiver;
  }

  void send(long latencyNanos, Runnable event) {
    if (ended) {
      return;
    }
    last = Math.max(last + 1, scheduler.now() + latencyNanos);
    scheduler.after(
        last - scheduler.now(),
        () -> {
          if (!ended) {
            receiver.work(event);
          }
        });
  }

  /** The last that is sent; what was sent before still arrives. */
  void sendLast(long latencyNanos, Runnable event) {
    send(
        latencyNanos,
        () -> {
          ended = true;
          event.run();
        });
  }

  Run receiver() {
    return receiver;
  }

  /** Nothing arrives any more. */
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }
}
