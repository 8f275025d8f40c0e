package io.vl3.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log threshold from {@code NSM_LOG_LEVEL}, in the names of logrus as well as our own. */
public final class LogLevel {

  private static final Set<String> KNOWN = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

  /** Of logrus. */
  private static final Set<String> ALIASES = Set.of("WARNING", "FATAL", "PANIC");

  private static final String USUAL = "WARN";

  /** Whether {@code --debug} was given. */
  private static volatile boolean asked;

  private static volatile String level = USUAL;

  private LogLevel() {}

  /**
   * Must run before the first logger is made. Failures are shown with their causes in the line, and
   * with stack traces only if somebody looks for faults of the program itself. Takes in what logs
   * to java.util.logging.
   */
  public static void apply(Map<String, String> environment, boolean debug) {
    asked = debug;
    level = of(environment.getOrDefault("NSM_LOG_LEVEL", ""));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** The level of a configuration, which knows the variable's too; empty: the usual one. */
  public static void apply(Optional<String> configured) {
    level = configured.orElse(USUAL);
  }

  /** The threshold of what we say ourselves, a name of logback's. */
  public static String own() {
    return level;
  }

  /**
   * The threshold of other people's libraries: what they say of their inner life helps nobody, at
   * any level of ours.
   */
  public static String foreign() {
    return level.equals("ERROR") || level.equals("OFF") ? level : USUAL;
  }

  /** Whether failures are shown with their stacks. */
  public static boolean showsTraces() {
    return asked || level.equals("DEBUG") || level.equals("TRACE");
  }

  /** An unknown or absent level is {@code WARN}; a configuration with an unknown one is refused. */
  static String of(String text) {
    String name = text.trim().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "FATAL", "PANIC" -> "ERROR";
      default -> KNOWN.contains(name) ? name : USUAL;
    };
  }

  /**
   * The level of a name that is not empty.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static String parse(String text) {
    if (!KNOWN.contains(text.toUpperCase(Locale.ROOT))
        && !ALIASES.contains(text.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          text + " (expected: trace, debug, info, warn, error or off)");
    }
    return of(text);
  }
}
