package io.vl3.cli.log;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.vl3.internal.log.Printable;
import java.util.LinkedHashSet;
import java.util.Set;

/** Shows a failure and its causes behind the message, in the same line and without stack traces. */
final class CausesConverter extends ThrowableHandlingConverter {

  private static final int MOST = 8;

  @Override
  public String convert(ILoggingEvent event) {
    IThrowableProxy failure = event.getThrowableProxy();
    return failure == null ? "" : " [" + causes(failure) + "]";
  }

  /** A failure and its causes, in one line. */
  static String causes(IThrowableProxy thrown) {
    Set<String> causes = new LinkedHashSet<>();
    IThrowableProxy failure = thrown;
    while (failure != null && causes.size() < MOST) {
      causes.add(words(failure));
      failure = failure.getCause();
    }
    return String.join("; ", causes);
  }

  private static String words(IThrowableProxy failure) {
    String name = failure.getClassName();
    String message = failure.getMessage();
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return message == null ? simple : simple + ": " + shown(message);
  }

  private static String shown(String message) {
    return Printable.of(message.lines().findFirst().orElse(""));
  }
}
