package io.vl3.cli.assembly;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that starts this very program again. */
public final class SelfCommand {

  /** A child lives for minutes and shares the machine with many: start fast, stay small. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:CICompilerCount=1",
          "-Xshare:auto",
          "-Xmx128m",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private static final String MAIN_CLASS = "io.vl3.cli.Main";

  private SelfCommand() {}

  /** Starts it with the given arguments, without a shell. */
  public static List<String> line(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(JVM_OPTIONS);
    line.addAll(archive());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
    line.addAll(arguments);
    return List.copyOf(line);
  }

  /** The option for the JVM's archive that the launcher gave this process, if it did. */
  private static List<String> archive() {
    String option = System.getProperty("vl3.archive", "");
    return option.isEmpty()
        ? List.of()
        : List.of(option, "-Dvl3.archive=" + option, "-Xlog:disable");
  }
}
