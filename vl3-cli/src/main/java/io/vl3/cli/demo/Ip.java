package io.vl3.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs iproute2's {@code ip} with many commands in one process. */
final class Ip {

  private Ip() {}

  /** Runs the commands in order and stops at the first that fails. */
  static void batch(List<String> commands) throws IOException {
    run(List.of("ip", "-batch", "-"), commands);
  }

  /** Runs the commands in a namespace. */
  static void batchIn(String netns, List<String> commands) throws IOException {
    run(List.of("ip", "-n", netns, "-batch", "-"), commands);
  }

  private static void run(List<String> command, List<String> lines) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
    }
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (waitFor(process) != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ip ran", interrupted);
    }
  }
}
