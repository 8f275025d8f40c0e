package io.vl3.transport;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.vl3.connection.Caller;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.grpc.internal.MemoryAccount;
import io.vl3.internal.log.Outage;
import io.vl3.internal.memory.SharedMemory;
import io.vl3.transport.internal.unix.UnixPeer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that calls make the servers of a process keep: their headers, what was read of their
 * messages, what waits to be read by their callers. It is bounded in all and for each caller; who
 * wants more is answered RESOURCE_EXHAUSTED. Callers are told apart by what they have proven, else
 * by their address; on a unix socket, where all are of one user, by their connection. Thread-safe.
 */
public final class CallMemory {

  private static final Logger LOG = LoggerFactory.getLogger(CallMemory.class);

  /** Which part of the heap calls may take: one in 4. */
  private static final int HEAP_PARTS = 4;

  /** The bytes that an open call costs gRPC and Netty. */
  static final long CALL_BYTES = 8 * 1024;

  /** How much more memory a header or a message takes than bytes on the wire. */
  static final int FACTOR = 4;

  private final SharedMemory memory;
  private final Outage outage;

  /**
   * Nothing is in use.
   *
   * @param clock by which the log says how long memory was short
   */
  CallMemory(SharedMemory memory, InstantSource clock) {
    this.memory = memory;
    this.outage = new Outage(LOG, clock);
  }

  /**
   * A quarter of what the heap may grow to.
   *
   * @param clock by which the log says how long memory was short
   */
  public static CallMemory ofHeap(InstantSource clock) {
    return new CallMemory(SharedMemory.ofHeap(HEAP_PARTS), clock);
  }

  /** How many bytes are in use. */
  long used() {
    return memory.used();
  }

  /** Begins to count a call. */
  ServerStreamTracer.Factory tracers() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new CallAccount(CallMemory.this);
      }
    };
  }

  /** Refuses calls whose callers keep too much already. */
  ServerInterceptor guard() {
    return new Guard();
  }

  boolean take(Object caller, long bytes) {
    if (memory.take(caller, bytes)) {
      return true;
    }
    outage.failed("calls of %s: refused for want of memory".formatted(caller));
    return false;
  }

  void giveBack(Object caller, long bytes) {
    memory.giveBack(caller, bytes);
    // Less than one greedy caller keeps, so that a line ends what it began.
    if (memory.used() <= memory.mostEach() / 2) {
      outage.ended("calls: there is memory again");
    }
  }

  Status refusal(Object caller) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "server: calls of %s (expected: less than %d KiB in open calls and unread messages)"
            .formatted(caller, memory.mostEach() / 1024));
  }

  private final class Guard implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      CallAccount account = CallAccount.current();
      Object caller = caller(call.getAttributes());
      if (!account.open(caller, CALL_BYTES + FACTOR * size(headers))) {
        call.close(refusal(caller), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      Context context = MemoryAccount.contextOf(account);
      return Contexts.interceptCall(context, call, headers, next);
    }
  }

  private static Object caller(Attributes attributes) {
    SocketAddress address = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    Caller known = attributes.get(CallerKey.ATTRIBUTE);
    if (address instanceof UnixPeer peer && peer.caller().equals(known)) {
      return peer;
    }
    if (known != null) {
      return known;
    }
    return address instanceof InetSocketAddress remote
        ? remote.getHostString()
        : Caller.ANONYMOUS.identity();
  }

  private static long size(Metadata headers) {
    long bytes = 0;
    for (byte[] nameOrValue : InternalMetadata.serialize(headers)) {
      bytes += nameOrValue.length;
    }
    return bytes;
  }
}
