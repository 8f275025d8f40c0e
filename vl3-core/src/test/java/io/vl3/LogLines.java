package io.vl3;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What is logged under a name and below it, from INFO on unless said otherwise, until closed. */
public final class LogLines implements AutoCloseable {

  private final Logger logger;
  private final Level before;
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  private LogLines(Logger logger) {
    this.logger = logger;
    this.before = logger.getLevel();
    events.start();
    logger.addAppender(events);
    logger.setLevel(Level.INFO);
  }

  /** Begins to record. */
  public static LogLines of(String name) {
    return new LogLines((Logger) LoggerFactory.getLogger(name));
  }

  /** All lines, without what was thrown. */
  public List<String> lines() {
    return lines(Level.INFO);
  }

  /** Those of a level or above. */
  public List<String> lines(Level level) {
    // Whoever logs appends under this lock.
    synchronized (events) {
      return events.list.stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(level))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }
  }

  /** What the lines say beside their text: of which connection, of which trace. */
  public List<Map<String, String>> contexts() {
    synchronized (events) {
      return events.list.stream().map(ILoggingEvent::getMDCPropertyMap).toList();
    }
  }

  /** Records what is of a level or above. */
  public LogLines from(Level level) {
    logger.setLevel(level);
    return this;
  }

  /** Forgets what was recorded so far. */
  public void clear() {
    synchronized (events) {
      events.list.clear();
    }
  }

  @Override
  public void close() {
    logger.setLevel(before);
    logger.detachAppender(events);
  }
}
