package io.vl3.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.config.LogConfig;
import io.vl3.failure.EndpointException;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingTest {

  private static final String FORGED = "id\u001b[2J\n{\"level\":\"ERROR\"}\u202e";

  private final FakeTimer timer = new FakeTimer();
  private final LoggerContext context = new LoggerContext();
  private final ChangedLevels levels = new ChangedLevels(context, timer);

  LoggingTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void json_isAnObjectInEachLine_withTheIdsOfTheRequest() throws Exception {
    String line = line(LogConfig.Format.JSON, null);
    assertThat(line).endsWith("}\n").doesNotContain("\u001b").hasLineCount(1);
    JsonNode object = new ObjectMapper().readTree(line);
    assertThat(object.fieldNames())
        .toIterable()
        .containsExactly("time", "level", "logger", "message", "connection", "trace_id");
    assertThat(object.get("time").asText()).isEqualTo("2026-12-01T09:00:00.123Z");
    assertThat(object.get("level").asText()).isEqualTo("WARN");
    assertThat(object.get("logger").asText()).isEqualTo("io.vl3.X");
    assertThat(object.get("message").asText())
        .isEqualTo("id\\u001b[2J\\n{\"level\":\"ERROR\"}\\u202e closed");
    assertThat(object.get("connection").asText()).isEqualTo("c1");
    assertThat(object.get("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void json_hasAFailureWithItsCauses() throws Exception {
    Exception failure = new IllegalStateException("no way", new IOException("refused\nby"));
    JsonNode object = new ObjectMapper().readTree(line(LogConfig.Format.JSON, failure));
    assertThat(object.get("failure").asText())
        .isEqualTo("IllegalStateException: no way; IOException: refused");
  }

  @Test
  void text_hasTheIdsBehindTheMessage() {
    assertThat(line(LogConfig.Format.TEXT, null))
        .endsWith("closed connection=c1 trace_id=0af7651916cd43dd8448eb211c80319c\n");
  }

  @Test
  void aLevel_isBackAfterItsTime_whateverWasAskedForMeanwhile() throws Exception {
    Logger ours = context.getLogger("io.vl3");
    ours.setLevel(Level.WARN);
    assertThat(levels.set("", "debug", Optional.of(Duration.ofMinutes(10)))).isEqualTo("warn");
    assertThat(ours.getLevel()).isEqualTo(Level.DEBUG);
    timer.advance(Duration.ofMinutes(5));
    assertThat(levels.set("", "trace", Optional.of(Duration.ofMinutes(10)))).isEqualTo("debug");
    timer.advance(Duration.ofMinutes(9));
    assertThat(ours.getLevel()).isEqualTo(Level.TRACE);
    timer.advance(Duration.ofMinutes(1));
    assertThat(ours.getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void aLevelOfAPart_isNoneOfItsOwnAfterItsTime() throws Exception {
    context.getLogger("io.vl3").setLevel(Level.WARN);
    assertThat(levels.set("io.vl3.mesh", "debug", Optional.of(Duration.ofSeconds(1))))
        .isEqualTo("warn");
    timer.advance(Duration.ofSeconds(1));
    assertThat(context.getLogger("io.vl3.mesh").getLevel()).isNull();
    assertThat(context.getLogger("io.vl3.mesh.PeerMesh").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void nonsense_isRefused() {
    assertThatThrownBy(() -> levels.set("", "loud", Optional.empty()))
        .isInstanceOf(EndpointException.class)
        .hasMessage("level: loud (expected: trace, debug, info, warn, error or off)");
    assertThatThrownBy(() -> levels.set("io.vl3\n", "info", Optional.empty()))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("expected: a name such as io.vl3.mesh");
  }

  private String line(LogConfig.Format format, @Nullable Exception failure) {
    context.reset();
    LogSetup.setUp(context, format);
    Logger logger = context.getLogger("io.vl3.X");
    LoggingEvent event =
        new LoggingEvent("x", logger, Level.WARN, "{} closed", failure, new Object[] {FORGED});
    event.setTimeStamp(1_796_115_600_123L);
    event.setMDCPropertyMap(
        Map.of("connection", "c1", "trace_id", "0af7651916cd43dd8448eb211c80319c"));
    ConsoleAppender<ILoggingEvent> stderr =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    return new String(stderr.getEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
