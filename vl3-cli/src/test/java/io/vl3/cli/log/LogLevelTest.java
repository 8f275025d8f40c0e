package io.vl3.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.vl3.cli.LogLevel;
import io.vl3.cli.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
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
    LogLevel.apply(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"trace, WARN", "info, WARN", "error, ERROR", "off, OFF"})
  void whatOtherPeoplesLibrariesSay_isNoMoreThanWarnings(String named, String foreign) {
    LogLevel.apply(Map.of("NSM_LOG_LEVEL", named), false);
    assertThat(LogLevel.foreign()).isEqualTo(foreign);
  }

  /** Of a process with the level: what our log and another's say of a failure. */
  private static String logged(String level, boolean debug) {
    LogLevel.apply(Map.of("NSM_LOG_LEVEL", level), debug);
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    try {
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      LogSetup.setUp(context, LogConfig.Format.TEXT);
      Exception cause = new IOException("connection refused\n\tat somewhere");
      context.getLogger("io.vl3.a.B").warn("{}: away", "x", new RuntimeException("no way", cause));
      context.getLogger("io.netty.handler.Codec").debug("frame 1");
    } finally {
      context.stop();
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aConfigurationThatNamesNoLevelAnyMore_bringsTheUsualOneBack() {
    LogLevel.apply(Optional.of("DEBUG"));
    assertThat(LogLevel.showsTraces()).isTrue();
    LogLevel.apply(Optional.empty());
    assertThat(LogLevel.own()).isEqualTo("WARN");
    assertThat(LogLevel.showsTraces()).isFalse();
  }

  @Test
  void failures_areOneLineWithTheirCauses_andTracesAreForWhoAsksForThem() {
    assertThat(logged("info", false))
        .matches(
            "[0-9:.]+ WARN  B: x: away \\[RuntimeException: no way; IOException: connection"
                + " refused]\\R");
    assertThat(logged("info", true)).contains("x: away\n", "\tat ", "Caused by: ");
    assertThat(logged("debug", false)).contains("\tat ");
  }

  @Test
  void nettysInnerLife_isNotShown_atAnyLevel() {
    assertThat(logged("trace", false)).contains("x: away").doesNotContain("frame 1");
  }

  @ParameterizedTest
  @CsvSource({"debug, DEBUG", "' Info ', INFO", "panic, ERROR", "loud, WARN", "'', WARN"})
  void levels_haveLogrusNamesToo(String named, String level) {
    LogLevel.apply(Map.of("NSM_LOG_LEVEL", named), false);
    assertThat(LogLevel.own()).isEqualTo(level);
  }

  @Test
  void whatLogsToTheJdk_isInTheOneLog() {
    LogLevel.apply(Map.of(), false);
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
