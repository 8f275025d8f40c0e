package io.vl3.cli.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.vl3.internal.log.Printable;
import io.vl3.internal.log.RequestLog;
import java.util.Map;

/**
 * Shows behind the message which connection a line is about, unless the message does, and in which
 * trace.
 */
final class RequestConverter extends ClassicConverter {

  @Override
  public String convert(ILoggingEvent event) {
    Map<String, String> request = event.getMDCPropertyMap();
    if (request.isEmpty()) {
      return "";
    }
    StringBuilder shown = new StringBuilder();
    String connection = request.getOrDefault(RequestLog.CONNECTION, "");
    if (!connection.isEmpty() && !event.getFormattedMessage().contains(connection)) {
      shown.append(" connection=").append(Printable.of(connection));
    }
    String trace = request.getOrDefault(RequestLog.TRACE, "");
    if (!trace.isEmpty()) {
      shown.append(" trace_id=").append(Printable.of(trace));
    }
    return shown.toString();
  }
}
