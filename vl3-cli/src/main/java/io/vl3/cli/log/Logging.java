package io.vl3.cli.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import io.vl3.admin.LogLevels;
import io.vl3.cli.LogLevel;
import io.vl3.cli.config.LogConfig;
import io.vl3.time.Timer;
import java.net.URL;
import java.util.Objects;
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
      configure(context, config.format());
    }
  }

  /** The thresholds of this process, to be changed while it runs. */
  public static LogLevels levels(Timer timer) {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? new ChangedLevels(context, timer)
        : LogLevels.FIXED;
  }

  /** Reads logback.xml, which has the text form and the names of all thresholds. */
  static void configure(LoggerContext context, LogConfig.Format format) {
    URL rules = Objects.requireNonNull(Logging.class.getResource("/logback.xml"));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    context.reset();
    try {
      configurator.doConfigure(rules);
    } catch (JoranException impossible) {
      throw new IllegalStateException("logback.xml, which is a part of the program", impossible);
    }
    if (format == LogConfig.Format.JSON) {
      writeJson(context);
    }
  }

  private static void writeJson(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> stderr =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    JsonLines lines = new JsonLines(LogLevel.showsTraces());
    lines.setContext(context);
    lines.start();
    stderr.setEncoder(lines);
  }
}
