package io.vl3.endpoint;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.concurrent.atomic.AtomicInteger;

/** An element that fails the n-th request that reaches it and lets the others pass. */
public final class FailAt implements Endpoint {

  private final int failing;
  private final boolean afterNext;
  private final AtomicInteger calls = new AtomicInteger();

  private FailAt(int failing, boolean afterNext) {
    this.failing = failing;
    this.afterNext = afterNext;
  }

  /** Fails the n-th request, from 1, on the way in: what stands behind is not reached. */
  public static FailAt request(int n) {
    return new FailAt(n, false);
  }

  /** Fails the n-th request, from 1, on the way back: what stands behind has answered. */
  public static FailAt answer(int n) {
    return new FailAt(n, true);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    boolean fails = calls.incrementAndGet() == failing;
    if (fails && !afterNext) {
      throw failure();
    }
    Connection answer = next.request(request);
    if (fails) {
      throw failure();
    }
    return answer;
  }

  /** How many requests have reached it. */
  public int calls() {
    return calls.get();
  }

  private EndpointException failure() {
    return new EndpointException(
        Reason.UNAVAILABLE,
        "fault: injected at request " + failing + (afterNext ? " (answer)" : ""));
  }
}
