package io.vl3.mesh.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Keeps what thousands of NSEs log to errors; a single seed that is replayed tells all. */
final class QuietLog implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.vl3");
  private final @Nullable Level before = logger.getLevel();

  QuietLog() {
    logger.setLevel(Long.getLong("vl3.sim.seed") == null ? Level.ERROR : Level.INFO);
  }

  @Override
  public void close() {
    logger.setLevel(before);
  }
}
