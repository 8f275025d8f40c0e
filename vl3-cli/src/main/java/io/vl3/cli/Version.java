package io.vl3.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
public final class Version implements IVersionProvider {

  private static final String UNKNOWN = "unknown";

  /** Picocli makes it. */
  public Version() {}

  /** The version, such as {@code 0.1.0}. */
  public static String text() {
    return property("version");
  }

  /** The commit that it was built of; {@code unknown} without a repository. */
  public static String commit() {
    return property("commit");
  }

  /** The program in one line: version, commit, Java. */
  public static String line() {
    return "vl3 %s (commit %s, Java %s)".formatted(text(), property("commit"), Runtime.version());
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  /** A build from sources without a repository has no commit. */
  private static String property(String name) {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        return UNKNOWN;
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String value = properties.getProperty(name, UNKNOWN);
    return value.isEmpty() || value.startsWith("${") ? UNKNOWN : value;
  }
}
