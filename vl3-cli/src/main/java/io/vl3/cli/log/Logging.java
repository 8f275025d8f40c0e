package io.vl3.cli.log;

import ch.qos.logback.classic.LoggerContext;
import io.vl3.admin.LogLevels;
import io.vl3.cli.LogLevel;
import io.vl3.cli.config.LogConfig;
import io.vl3.time.Timer;
import org.slf4j.LoggerFactory;

/** Brings the log in the form that a configuration asks for. */
public final class Logging {

  /** The configuration in effect. */
  private static LogConfig applied = LogConfig.STANDARD;

  private Logging() {}

  /** From now on lines have that form, and the level counts; nothing is touched that is so. */
  public static synchronized void apply(LogConfig config) {
    if (config.equals(applied)) {
      return;
    }
    applied = config;
    LogLevel.apply(config.level());
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      LogSetup.setUp(context, config.format());
    }
  }

  /** The thresholds of this process, to be changed while it runs. */
  public static LogLevels levels(Timer timer) {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? new ChangedLevels(context, timer)
        : LogLevels.FIXED;
  }
}
