package io.vl3.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log threshold from {@code NSM_LOG_LEVEL}, in the names of logrus as well as our own. */
final class LogLevel {

  /** The system property logback.xml reads. */
  static final String PROPERTY = "vl3.log.level";

  private static final Set<String> KNOWN = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

  private LogLevel() {}

  /** Must run before the first logger is made. Takes in what logs to java.util.logging. */
  static void apply(Map<String, String> environment) {
    System.setProperty(PROPERTY, of(environment.getOrDefault("NSM_LOG_LEVEL", "")));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** An unknown or absent level is {@code WARN}. */
  static String of(String text) {
    String name = text.trim().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "FATAL", "PANIC" -> "ERROR";
      default -> KNOWN.contains(name) ? name : "WARN";
    };
  }
}
