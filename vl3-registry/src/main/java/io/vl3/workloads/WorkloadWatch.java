package io.vl3.workloads;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.internal.memory.SharedMemory;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's watch: who is registered, then what changes, written as fast as it is read. A client
 * that stays behind by more than its queue holds is ended with RESOURCE_EXHAUSTED, which tells it
 * to subscribe again. Thread-safe; nothing blocks.
 */
final class WorkloadWatch implements InMemoryWorkloads.Watch {

  private static final int MOST = 4 * 1024;

  private final ServerCallStreamObserver<WorkloadEvent> call;
  private final SharedMemory memory;
  private final Executor executor;
  private final Consumer<WorkloadWatch> onEnd;
  private final AtomicBoolean waking = new AtomicBoolean();

  /**
   * Who was there at the start, whom the registry keeps anyway; guarded by this, like all below.
   */
  private final Queue<WorkloadEvent> first = new ArrayDeque<>();

  private final Queue<WorkloadEvent> changes = new ArrayDeque<>();
  private long bytes;
  private boolean overflown;
  private boolean ended;

  /**
   * A watch, to be made while the call's handler runs.
   *
   * @param executor where it is written
   * @param onEnd called with it once, when the client has left or was ended
   */
  WorkloadWatch(
      ServerCallStreamObserver<WorkloadEvent> call,
      SharedMemory memory,
      Executor executor,
      Consumer<WorkloadWatch> onEnd) {
    this.call = call;
    this.memory = memory;
    this.executor = executor;
    this.onEnd = onEnd;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::forget);
    call.setOnCloseHandler(this::forget);
  }

  @Override
  public void present(List<WorkloadEvent> there) {
    synchronized (this) {
      first.addAll(there);
    }
    wake();
  }

  @Override
  public void changed(WorkloadEvent event) {
    synchronized (this) {
      if (ended || overflown) {
        return;
      }
      int more = event.getSerializedSize();
      overflown = changes.size() >= MOST || !memory.take(this, more);
      if (!overflown) {
        changes.add(event);
        bytes += more;
      }
    }
    wake();
  }

  private void wake() {
    if (waking.compareAndSet(false, true)) {
      try {
        executor.execute(this::write);
      } catch (RejectedExecutionException ending) {
        forget(); // The server's threads are gone, and its calls with them.
      }
    }
  }

  private void write() {
    waking.set(false);
    synchronized (call) {
      while (!isOverflown() && call.isReady()) {
        WorkloadEvent next = take();
        if (next == null) {
          return;
        }
        call.onNext(next);
      }
      if (isOverflown() && forget()) {
        call.onError(
            Status.RESOURCE_EXHAUSTED
                .withDescription(
                    "watch: too much waits to be read (expected: %d changes at most) [subscribe again]"
                        .formatted(MOST))
                .asRuntimeException());
      }
    }
  }

  private synchronized boolean isOverflown() {
    return overflown;
  }

  @Nullable
  private synchronized WorkloadEvent take() {
    WorkloadEvent there = first.poll();
    if (there != null) {
      return there;
    }
    WorkloadEvent change = changes.poll();
    if (change != null) {
      memory.giveBack(this, change.getSerializedSize());
      bytes -= change.getSerializedSize();
    }
    return change;
  }

  private boolean forget() {
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      first.clear();
      changes.clear();
      memory.giveBack(this, bytes);
      bytes = 0;
    }
    onEnd.accept(this);
    return true;
  }
}
