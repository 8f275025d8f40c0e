package io.vl3.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells people what takes time: one line on the terminal, overwritten. Silent elsewhere. */
final class Progress {

  private final PrintWriter err;
  private final boolean terminal;

  Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether stderr is a terminal, whatever stdin and stdout are. */
  static boolean onTerminal() {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
      return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  void tell(String step) {
    if (terminal) {
      err.print("\r\u001b[K" + step + " ...");
      err.flush();
    }
  }

  void done() {
    if (terminal) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
