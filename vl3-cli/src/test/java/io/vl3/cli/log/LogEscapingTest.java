package io.vl3.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.vl3.cli.config.LogConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log of the {@code vl3} command. */
class LogEscapingTest {

  private static final String FORGED = "id\u001b[2J\n12:00:00.000 ERROR forged";

  private final LoggerContext context = new LoggerContext();
  private Logger logger;
  private Encoder<ILoggingEvent> encoder;

  @BeforeEach
  @SuppressWarnings("unchecked")
  void configure() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    LogSetup.setUp(context, LogConfig.Format.TEXT);
    logger = context.getLogger("io.vl3.X");
    encoder =
        ((ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr"))
            .getEncoder();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aMessageFromOutside_staysOnItsLine() {
    assertThat(lines(null))
        .singleElement()
        .asString()
        .endsWith("connection id\\u001b[2J\\n12:00:00.000 ERROR forged closed");
  }

  @Test
  void whatWasThrown_staysOnItsLines() {
    List<String> lines =
        lines(new IllegalStateException(FORGED, new IOException("caused by " + FORGED)));
    assertThat(lines).noneMatch(line -> line.startsWith("12:00:00.000 ERROR forged"));
    assertThat(String.join("", lines)).contains("id\\u001b[2J").doesNotContain("\u001b");
  }

  private List<String> lines(Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "x", logger, Level.WARN, "connection {} closed", thrown, new Object[] {FORGED});
    return new String(encoder.encode(event), StandardCharsets.UTF_8).lines().toList();
  }
}
