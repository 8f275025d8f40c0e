package io.vl3.cli.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.vl3.internal.log.Printable;

/** A log line's message, on one line whatever came from outside into it. */
final class EscapedMessage extends MessageConverter {

  @Override
  public String convert(ILoggingEvent event) {
    return Printable.of(super.convert(event));
  }
}
