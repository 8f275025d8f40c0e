package io.vl3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

class LogLevelTest {

  @AfterEach
  void restore() {
    SLF4JBridgeHandler.uninstall();
    System.clearProperty(LogLevel.PROPERTY);
  }

  @ParameterizedTest
  @CsvSource({"debug, DEBUG", "' Info ', INFO", "panic, ERROR", "loud, WARN", "'', WARN"})
  void levels_haveLogrusNamesToo(String named, String level) {
    LogLevel.apply(Map.of("NSM_LOG_LEVEL", named));
    assertThat(System.getProperty(LogLevel.PROPERTY)).isEqualTo(level);
  }

  @Test
  void whatLogsToTheJdk_isInTheOneLog() {
    LogLevel.apply(Map.of());
    Logger log = (Logger) LoggerFactory.getLogger("io.grpc.internal");
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    log.addAppender(seen);
    java.util.logging.Logger.getLogger("io.grpc.internal").warning("a channel was lost");
    log.detachAppender(seen);
    assertThat(seen.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo("a channel was lost");
  }
}
