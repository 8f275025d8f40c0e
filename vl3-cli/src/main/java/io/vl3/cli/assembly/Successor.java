package io.vl3.cli.assembly;

import io.vl3.linux.internal.ProcessImage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same command, started anew in this process: with the program as it is on the disk now. */
public final class Successor {

  /** The launcher names itself there. */
  static final String LAUNCHER = "vl3.launcher";

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Successor() {}

  /**
   * Starts it; does not return.
   *
   * @param arguments the command's own, without the JVM's
   * @throws IOException if it cannot be started
   */
  public static void start(List<String> arguments) throws IOException {
    ProcessImage.replace(line(arguments));
  }

  /** By the launcher, which knows the options of its version; without one, as we were started. */
  static List<String> line(List<String> arguments) throws IOException {
    String launcher = System.getProperty(LAUNCHER, "");
    if (!launcher.isEmpty()) {
      List<String> line = new ArrayList<>(List.of(launcher));
      line.addAll(arguments);
      return line;
    }
    String text = Files.readString(COMMAND_LINE, Charset.defaultCharset());
    List<String> line = new ArrayList<>(List.of(text.split("\0", -1)));
    line.remove(line.size() - 1);
    line.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    return line;
  }
}
