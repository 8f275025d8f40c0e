package io.vl3.endpoint.element;

import io.vl3.connection.ConnectionId;
import io.vl3.connection.Token;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Path elements for tests: predictable ids. */
public final class Paths {

  private Paths() {}

  /** An element whose ids are NAME-1, NAME-2, and whose tokens live for the given time. */
  public static UpdatePath named(String name, Timer timer, Duration tokenLife) {
    AtomicInteger serial = new AtomicInteger();
    return new UpdatePath(
        name,
        () -> new Token("token of " + name, timer.instant().plus(tokenLife)),
        () -> new ConnectionId(name + "-" + serial.incrementAndGet()));
  }
}
