package io.vl3.transport;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.vl3.grpc.internal.MemoryAccount;
import org.jspecify.annotations.Nullable;

/**
 * What one call keeps in memory, of its caller's share. It counts messages as their bytes arrive,
 * for one that never ends takes memory too. Thread-safe.
 */
final class CallAccount extends ServerStreamTracer implements MemoryAccount {

  private static final Context.Key<CallAccount> CONTEXT = Context.key("io.vl3.call");

  private final CallMemory memory;

  /** Known once the call has passed the guard; guarded by this, like all below. */
  private @Nullable Object caller;

  private long taken;
  private boolean closed;

  CallAccount(CallMemory memory) {
    this.memory = memory;
  }

  /** The account of the call that is being intercepted. */
  static CallAccount current() {
    return CONTEXT.get();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CONTEXT, this);
  }

  /** Takes what the call costs, with what has arrived already. */
  synchronized boolean open(Object who, long bytes) {
    caller = who;
    long all = taken + bytes;
    taken = 0;
    return take(all);
  }

  @Override
  public synchronized boolean take(long bytes) {
    if (closed) {
      return true;
    }
    Object who = caller;
    if (who != null && !memory.take(who, bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  @Override
  public synchronized void giveBack(long bytes) {
    Object who = caller;
    if (closed || who == null) {
      return;
    }
    taken -= bytes;
    memory.giveBack(who, bytes);
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (!take(CallMemory.FACTOR * bytes)) {
      // It ends the call: gRPC answers with the status of what is thrown here.
      throw refusal().asRuntimeException();
    }
  }

  @Override
  public synchronized void streamClosed(Status status) {
    Object who = caller;
    if (who != null && !closed) {
      memory.giveBack(who, taken);
    }
    closed = true;
    taken = 0;
  }

  private synchronized Status refusal() {
    Object who = caller;
    return memory.refusal(who == null ? "" : who);
  }
}
