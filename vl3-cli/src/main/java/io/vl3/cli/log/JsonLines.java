package io.vl3.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vl3.internal.log.Printable;
import io.vl3.internal.log.RequestLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON in each line: {@code time}, {@code level}, {@code logger}, {@code message}, and
 * where there are any {@code connection}, {@code trace_id}, {@code failure}, {@code stack}. Text
 * from outside is written out as in the text form.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  private final JsonFactory json = new JsonFactory();
  private final boolean traces;

  /**
   * The form.
   *
   * @param traces whether failures come with their stacks
   */
  JsonLines(boolean traces) {
    this.traces = traces;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator object = json.createGenerator(line)) {
      object.writeStartObject();
      write(event, object);
      object.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    line.write('\n');
    return line.toByteArray();
  }

  private void write(ILoggingEvent event, JsonGenerator object) throws IOException {
    Instant time = Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS);
    object.writeStringField("time", time.toString());
    object.writeStringField("level", event.getLevel().toString());
    object.writeStringField("logger", event.getLoggerName());
    object.writeStringField("message", Printable.of(event.getFormattedMessage()));
    Map<String, String> request = event.getMDCPropertyMap();
    for (String key : List.of(RequestLog.CONNECTION, RequestLog.TRACE)) {
      String value = request.get(key);
      if (value != null) {
        object.writeStringField(key, Printable.of(value));
      }
    }
    failure(event, object);
  }

  private void failure(ILoggingEvent event, JsonGenerator object) throws IOException {
    @Nullable IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      object.writeStringField("failure", CausesConverter.causes(failure));
      if (traces) {
        object.writeStringField("stack", EscapedFailure.stack(failure));
      }
    }
  }
}
