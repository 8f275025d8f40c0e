package io.vl3.linux;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code ip} program of iproute2, for named namespaces only: its way of pinning them is the one
 * that other tools expect.
 */
final class IpCommand {

  private static final long TIMEOUT_SECONDS = 30;

  private IpCommand() {}

  /**
   * Runs the commands in one process, all of them even if one fails.
   *
   * @throws IOException with the program's words if a command failed or time ran out
   */
  static void batch(List<String> commands) throws IOException {
    if (commands.isEmpty()) {
      return;
    }
    Path input = Files.createTempFile("vl3-ip", ".batch");
    Path output = Files.createTempFile("vl3-ip", ".out");
    try {
      Files.write(input, commands);
      Process process =
          new ProcessBuilder("ip", "-force", "-batch", input.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(new File("/dev/null"))
              .start();
      if (exitCode(process, commands.get(0)) != 0) {
        throw new IOException(
            "ip %s: failed [%s]".formatted(commands.get(0), Files.readString(output).strip()));
      }
    } finally {
      Files.deleteIfExists(input);
      Files.deleteIfExists(output);
    }
  }

  private static int exitCode(Process process, String what) throws IOException {
    try {
      if (process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new IOException(
          "ip %s: no end (expected: within %d s)".formatted(what, TIMEOUT_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("ip %s: interrupted".formatted(what));
    } finally {
      process.destroyForcibly();
    }
  }
}
