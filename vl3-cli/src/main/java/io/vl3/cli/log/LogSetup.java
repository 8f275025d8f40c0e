package io.vl3.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import io.vl3.cli.LogLevel;
import io.vl3.cli.config.LogConfig;

/**
 * The log of this process: where its lines go, their form, and the thresholds. Logback finds it by
 * its service. There is no file, as reading one takes a tenth of a start; a file that the user
 * names by {@code -Dlogback.configurationFile} counts instead.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

  private static final String LINE = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%request";

  /** Logback makes it. */
  public LogSetup() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (isFileGiven()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    setUp(context, LogConfig.Format.TEXT);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Logback's own rules: a system property, and a file of tests. */
  private static boolean isFileGiven() {
    return System.getProperty("logback.configurationFile") != null
        || LogSetup.class.getResource("/logback-test.xml") != null;
  }

  /** Sets a log up from nothing, with the thresholds of now. */
  static void setUp(LoggerContext context, LogConfig.Format format) {
    context.getStatusManager().add(new NopStatusListener());
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName("stderr");
    stderr.setTarget("System.err");
    stderr.setEncoder(format == LogConfig.Format.JSON ? jsonLines(context) : textLines(context));
    stderr.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
    setThresholds(context);
  }

  private static void setThresholds(LoggerContext context) {
    threshold(context, Logger.ROOT_LOGGER_NAME, LogLevel.foreign());
    threshold(context, "io.vl3", LogLevel.own());
    // In a namespace without interfaces Netty makes up a machine number, and warns that it did.
    threshold(context, "io.netty.util.internal.MacAddressUtil", "ERROR");
    // A stream that the other side began just when the connection was given up is told to it, too.
    threshold(context, "io.grpc.netty", "ERROR");
    // A name that is not resolved comes with a stack trace in the message; each call that fails for
    // it says so.
    threshold(context, "io.grpc.internal.ManagedChannelImpl", "ERROR");
    // A receiver of traces that is away is told once, by us; here each batch would be told.
    threshold(context, "io.opentelemetry.exporter", "OFF");
  }

  private static void threshold(LoggerContext context, String logger, String level) {
    context.getLogger(logger).setLevel(Level.valueOf(level));
  }

  private static Encoder<ILoggingEvent> textLines(LoggerContext context) {
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.getInstanceConverterMap().put("msg", EscapedMessage::new);
    layout.getInstanceConverterMap().put("ex", EscapedFailure::new);
    layout.getInstanceConverterMap().put("request", RequestConverter::new);
    layout.getInstanceConverterMap().put("causes", CausesConverter::new);
    layout.setPattern(LINE + (LogLevel.showsTraces() ? "%n%ex" : "%causes%n%nopex"));
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> lines = new LayoutWrappingEncoder<>();
    lines.setContext(context);
    lines.setLayout(layout);
    lines.start();
    return lines;
  }

  private static Encoder<ILoggingEvent> jsonLines(LoggerContext context) {
    JsonLines lines = new JsonLines(LogLevel.showsTraces());
    lines.setContext(context);
    lines.start();
    return lines;
  }
}
