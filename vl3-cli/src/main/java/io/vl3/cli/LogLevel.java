package io.vl3.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log threshold from {@code NSM_LOG_LEVEL}, in the names of logrus as well as our own. */
public final class LogLevel {

  /** The system property logback.xml reads. */
  static final String PROPERTY = "vl3.log.level";

  /** The system property with the threshold of other people's libraries. */
  static final String FOREIGN = "vl3.log.foreign";

  /** The system property with how a failure is shown. */
  static final String FAILURE = "vl3.log.failure";

  private static final Set<String> KNOWN = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

  /** Of logrus. */
  private static final Set<String> ALIASES = Set.of("WARNING", "FATAL", "PANIC");

  private static final String USUAL = "WARN";

  /** Whether {@code --debug} was given. */
  private static volatile boolean asked;

  private LogLevel() {}

  /**
   * Must run before the first logger is made. Failures are shown with their causes in the line, and
   * with stack traces only if somebody looks for faults of the program itself. Takes in what logs
   * to java.util.logging.
   */
  static void apply(Map<String, String> environment, boolean debug) {
    asked = debug;
    set(of(environment.getOrDefault("NSM_LOG_LEVEL", "")));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** The level of a configuration, which knows the variable's too; empty: the usual one. */
  public static void apply(Optional<String> level) {
    set(level.orElse(USUAL));
  }

  /** Whether failures are shown with their stacks. */
  public static boolean showsTraces() {
    String level = System.getProperty(PROPERTY, "WARN");
    return asked || level.equals("DEBUG") || level.equals("TRACE");
  }

  private static void set(String level) {
    System.setProperty(PROPERTY, level);
    System.setProperty(FOREIGN, level.equals("ERROR") || level.equals("OFF") ? level : "WARN");
    System.setProperty(FAILURE, showsTraces() ? "%n%ex" : "%causes%n%nopex");
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
