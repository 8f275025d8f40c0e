package io.vl3.cli.assembly;

import io.spiffe.workloadapi.X509Source;
import io.vl3.health.HealthCode;
import io.vl3.internal.log.Outage;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports when our SVID has ended and nobody gave another: from then on everybody refuses us and
 * does not say why. Thread-safe; does not block.
 */
final class IdentityWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final X509Source source;
  private final NsmRuntime runtime;
  private final Outage outage;

  /** Guarded by this, like the next. */
  private Timer.Cancellable next = () -> {};

  private boolean closed;

  private IdentityWatch(X509Source source, NsmRuntime runtime) {
    this.source = source;
    this.runtime = runtime;
    this.outage =
        new Outage(LOG, runtime.timer())
            .reportedTo(runtime.reporter(), HealthCode.IDENTITY_EXPIRED, "");
  }

  /** Looks now, and from then on at regular intervals. */
  static IdentityWatch start(X509Source source, NsmRuntime runtime) {
    IdentityWatch watch = new IdentityWatch(source, runtime);
    runtime.executor().execute(watch::look);
    return watch;
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }

  /** Files are read anew with each look. */
  private void look() {
    try {
      var svid = source.getX509Svid();
      Instant end = svid.getLeaf().getNotAfter().toInstant();
      if (runtime.timer().instant().isAfter(end)) {
        outage.failed(
            "SVID %s: ended at %s (expected: renewed before)".formatted(svid.getSpiffeId(), end));
      } else {
        outage.ended("SVID %s: renewed, until %s".formatted(svid.getSpiffeId(), end));
      }
    } catch (Exception unreadable) {
      LOG.debug("SVID: not looked at: {}", unreadable.toString());
    } finally {
      lookLater();
    }
  }

  private synchronized void lookLater() {
    if (!closed) {
      next = runtime.timer().after(LOOK, () -> runtime.executor().execute(this::look));
    }
  }
}
