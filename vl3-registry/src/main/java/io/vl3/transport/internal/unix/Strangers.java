package io.vl3.transport.internal.unix;

import io.vl3.internal.log.Outage;
import io.vl3.time.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that other users come to a socket: once when they begin, and once when none has come for
 * a minute. Used by one thread at a time.
 */
final class Strangers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  /** So long none must have come for it to be over. */
  static final Duration CALM = Duration.ofMinutes(1);

  private final Path socket;
  private final Timer timer;
  private final Outage outage;
  private Timer.Cancellable ending = () -> {};

  Strangers(Path socket, Timer timer) {
    this.socket = socket;
    this.timer = timer;
    this.outage = new Outage(LOG, timer);
  }

  /** One was turned away. */
  void turnedAway() {
    outage.failed("%s: a peer of another user was turned away".formatted(socket));
    ending.cancel();
    Instant last = timer.instant();
    ending =
        timer.after(
            CALM,
            () -> outage.ended("%s: peers of another user come no more".formatted(socket), last));
  }

  /** Reports no more. */
  @Override
  public void close() {
    ending.cancel();
  }
}
