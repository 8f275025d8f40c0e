package io.vl3.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a standard stream of this process is a terminal, each by itself. For Linux. */
public final class Terminal {

  private Terminal() {}

  public static boolean isStdin() {
    return is(0);
  }

  public static boolean isStdout() {
    return is(1);
  }

  public static boolean isStderr() {
    return is(2);
  }

  private static boolean is(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }
}
