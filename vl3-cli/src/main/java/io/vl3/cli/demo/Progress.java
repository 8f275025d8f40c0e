package io.vl3.cli.demo;

import java.io.PrintWriter;

/** Tells people what takes time: one line on the terminal, overwritten. Silent elsewhere. */
final class Progress {

  private final PrintWriter err;
  private final boolean terminal;

  Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
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
