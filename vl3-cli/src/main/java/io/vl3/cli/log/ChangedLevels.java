package io.vl3.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.vl3.admin.LogLevels;
import io.vl3.cli.LogLevel;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes thresholds, for a time or for good. Thread-safe. */
final class ChangedLevels implements LogLevels {

  private static final String OURS = "io.vl3";
  private static final int MOST = 100;

  private final LoggerContext context;
  private final Timer timer;

  /** Those that are changed for a time, by logger. Guarded by this. */
  private final Map<String, Changed> changed = new HashMap<>();

  ChangedLevels(LoggerContext context, Timer timer) {
    this.context = context;
    this.timer = timer;
  }

  /** The former level, and the timer that restores it. */
  private record Changed(@Nullable Level before, Timer.Cancellable end) {}

  @Override
  public synchronized String set(String name, String level, Optional<Duration> time)
      throws EndpointException {
    Level wanted = Level.toLevel(known(level));
    Logger logger = context.getLogger(checked(name));
    String counted = logger.getEffectiveLevel().toString().toLowerCase(Locale.ROOT);
    Optional<Changed> earlier = Optional.ofNullable(changed.remove(logger.getName()));
    earlier.ifPresent(it -> it.end().cancel());
    Level before = earlier.isPresent() ? earlier.get().before() : logger.getLevel();
    logger.setLevel(wanted);
    time.ifPresent(
        length ->
            changed.put(
                logger.getName(), new Changed(before, timer.after(length, () -> setBack(logger)))));
    tell(logger, wanted, time.map(length -> " for " + length.toSeconds() + " s").orElse(""));
    return counted;
  }

  private synchronized void setBack(Logger logger) {
    Changed over = changed.remove(logger.getName());
    if (over != null) {
      logger.setLevel(over.before());
      tell(logger, logger.getEffectiveLevel(), " again");
    }
  }

  /** A line in the log says why there is more of it, or less. */
  private void tell(Logger logger, Level level, String rest) {
    context
        .getLogger(ChangedLevels.class)
        .warn(
            "log level of {} is {}{}",
            logger.getName(),
            level.toString().toLowerCase(Locale.ROOT),
            rest);
  }

  private static String known(String level) throws EndpointException {
    try {
      return LogLevel.parse(level);
    } catch (IllegalArgumentException unknown) {
      throw new EndpointException(Reason.INVALID, "level: " + unknown.getMessage(), unknown);
    }
  }

  /** A logger that is named once stays: nobody shall fill the memory with names. */
  private String checked(String name) throws EndpointException {
    String asked = name.isEmpty() ? OURS : name;
    if (!asked.matches("[A-Za-z_$][\\w$]*(\\.[\\w$]+)*") || asked.length() > 200) {
      throw new EndpointException(
          Reason.INVALID, "logger: %s (expected: a name such as io.vl3.mesh)".formatted(asked));
    }
    if (context.exists(asked) == null && context.getLoggerList().size() > 1000 + MOST) {
      throw new EndpointException(Reason.EXHAUSTED, "logger: " + asked + ": too many are named");
    }
    return asked;
  }
}
